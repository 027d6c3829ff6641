"""pricing: what it costs and why. Every amount is computed here, never taken from a caller."""

from dingdan.areas.pricing.model import FreightRule, PricedLine, Quote
from dingdan.areas.pricing.quoting import quote

__all__ = ["FreightRule", "PricedLine", "Quote", "quote"]
