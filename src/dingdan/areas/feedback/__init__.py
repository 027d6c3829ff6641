"""feedback: what buyers say of an order and its goods. It belongs to the order, is sealed, and is hidden but not deleted."""

from dingdan.areas.feedback.events import FeedbackGiven, FeedbackHidden, FeedbackShown
from dingdan.areas.feedback.giving import give
from dingdan.areas.feedback.hiding import hide, show
from dingdan.areas.feedback.model import Feedback, Give, LineRating, Rated, Words
from dingdan.areas.feedback.reading import drop_words, of_orders, words
from dingdan.areas.feedback.refusals import (
    ChangedAlready,
    LineUnknown,
    NoFeedback,
    NotDeliveredYet,
    RatingUnusable,
    WordsUnusable,
)

__all__ = [
    "ChangedAlready", "Feedback", "FeedbackGiven", "FeedbackHidden", "FeedbackShown", "Give", "LineRating",
    "LineUnknown", "NoFeedback", "NotDeliveredYet", "Rated", "RatingUnusable", "Words", "WordsUnusable",
    "drop_words", "give", "hide", "of_orders", "show", "words",
]  # fmt: skip
