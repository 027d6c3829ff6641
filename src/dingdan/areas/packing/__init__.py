"""packing: what lies in a box, so that it can be proved: pieces, weight, serials, pictures, and consent to share one."""

from dingdan.areas.packing.consenting import consent, withdraw_consent
from dingdan.areas.packing.events import ConsentGiven, ConsentWithdrawn, PictureTaken
from dingdan.areas.packing.model import (
    CONSENT_TEXTS,
    MAX_PICTURES,
    Box,
    BoxLine,
    Consent,
    GivenBy,
    NewBox,
    NewConsent,
    NewPicture,
    Picture,
    Serial,
)
from dingdan.areas.packing.reading import boxes_of, consented, consents_of, picture, pictures_of, recipients_of
from dingdan.areas.packing.recording import open_again, record, take_picture
from dingdan.areas.packing.refusals import (
    ConsentOrdersUnfit,
    ConsentTextUnknown,
    ConsentUnfit,
    ConsentUnknown,
    PictureUnknown,
    SerialsDiffer,
    SerialTaken,
    SerialTwice,
    TooManyPictures,
    WeightDiffers,
)
from dingdan.areas.packing.rules import NUMBERED, expected_grams, problems_of_box, tidy_serial, weight_fits

__all__ = [
    "CONSENT_TEXTS", "MAX_PICTURES", "NUMBERED", "Box", "BoxLine", "Consent", "ConsentGiven", "ConsentOrdersUnfit",
    "ConsentTextUnknown", "ConsentUnfit", "ConsentUnknown", "ConsentWithdrawn", "GivenBy", "NewBox", "NewConsent",
    "NewPicture", "Picture", "PictureTaken", "PictureUnknown", "Serial", "SerialTaken", "SerialTwice", "SerialsDiffer",
    "TooManyPictures", "WeightDiffers", "boxes_of", "consent", "consented", "consents_of", "expected_grams",
    "open_again", "picture", "pictures_of", "problems_of_box", "recipients_of", "record", "take_picture",
    "tidy_serial", "weight_fits", "withdraw_consent",
]  # fmt: skip
