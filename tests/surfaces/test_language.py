"""Languages as an Accept-Language header asks for them."""

from dingdan.surfaces.shared import language


def test_the_best_liked_comes_first_and_nonsense_is_left_out() -> None:
    assert language.tags("fr;q=0.2, zh-Hans-CN, en;q=0.9") == ["zh-Hans-CN", "en", "fr"]
    assert language.tags("*, ;;, en;q=0, x_y, 中文, de;q=abc") == []
    assert language.tags("") == []
