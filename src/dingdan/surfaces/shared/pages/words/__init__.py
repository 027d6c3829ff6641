"""What every fact says, by subject: one sentence in each language, completed by what the fact carries.

A key is a fact's name; `name:field` is what it says where that field is true or filled. `{units:unit}` counts in English.
"""

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.words import goods, money, orders, platform, returns, shop, trouble

WORDS: dict[str, Text] = {
    **orders.WORDS, **goods.WORDS, **money.WORDS, **returns.WORDS, **trouble.WORDS, **shop.WORDS, **platform.WORDS,
}  # fmt: skip
