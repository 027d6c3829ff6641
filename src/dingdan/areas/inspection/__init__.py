"""inspection: how goods that came back are looked at: by the recipe of their kind, against what was packed, by two if need be."""

from dingdan.areas.inspection.events import DeviationPictured, LookFollowed, LookTaken
from dingdan.areas.inspection.model import (
    Assessed,
    Drawn,
    Fault,
    Grade,
    InspectedLine,
    InspectionPicture,
    Look,
    LookKind,
    Missing,
    NewLook,
    NewPicture,
    PackedOut,
)
from dingdan.areas.inspection.reading import looks_of, packed_out, picture, pictures_of
from dingdan.areas.inspection.recording import record, take_picture
from dingdan.areas.inspection.refusals import (
    ChecksMissing,
    CheckUnknown,
    DetailUnfit,
    FindingsContradict,
    NoLook,
    PicturesMissing,
    PictureUnknown,
    SamePerson,
    SerialsMissing,
    TooManyPictures,
    UseNotCounted,
)
from dingdan.areas.inspection.rules.assessing import WATCHED, assess, do_agree, why_second

__all__ = [
    "WATCHED", "Assessed", "CheckUnknown", "ChecksMissing", "DetailUnfit", "DeviationPictured", "Drawn", "Fault",
    "FindingsContradict", "Grade", "InspectedLine", "InspectionPicture", "Look", "LookFollowed", "LookKind",
    "LookTaken", "Missing", "NewLook", "NewPicture", "NoLook", "PackedOut", "PictureUnknown", "PicturesMissing",
    "SamePerson", "SerialsMissing", "TooManyPictures", "UseNotCounted", "assess", "do_agree", "looks_of",
    "packed_out", "picture", "pictures_of", "record", "take_picture", "why_second",
]  # fmt: skip
