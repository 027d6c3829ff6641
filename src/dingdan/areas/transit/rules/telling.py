"""What people read of a parcel's way besides the carrier's scans: what we noticed, and what became of calling it back."""

from dingdan.kernel.refusal import Text

# By the last word of a fact's name. What we do about it is said with what is wrong: nobody is sent to the carrier.
WORDS: dict[str, Text] = {
    "dispatched": Text("The parcel has been handed to the carrier.", "包裹已交给承运商。"),
    "unscanned": Text("The carrier has not recorded the parcel within a day. We are finding out why.",
                      "承运商一天内没有揽收记录，我们正在核查原因。"),
    "silent": Text("There was no news of the parcel for longer than usual. We are asking the carrier about it.",
                   "包裹较长时间没有物流更新，我们正在向承运商查询。"),
    "overdue": Text("The parcel is later than promised. We are looking after it.", "包裹晚于承诺的送达时间，我们正在跟进处理。"),
    "disappeared": Text("There was no news of the parcel for a week; it is probably lost. We settle that with the carrier.",
                        "包裹已一周没有物流更新，可能已丢失，我们会与承运商处理。"),
    "heard_again": Text("The carrier has seen the parcel again.", "包裹恢复物流更新。"),
    "intercept_asked": Text("We have asked the carrier to bring the parcel back.", "已向承运商申请拦截，等待答复。"),
    "intercepted": Text("The carrier brings the parcel back.", "拦截成功，包裹将退回。"),
    "intercept_failed": Text("The parcel could not be brought back and goes on its way.", "拦截未成功，包裹继续派送。"),
}  # fmt: skip

NOTICED = ("unscanned", "silent", "overdue", "disappeared", "heard_again", "intercept_asked", "intercepted",
           "intercept_failed")  # fmt: skip


def last_known(words: Text, at: str) -> Text:
    """What is said while a carrier does not answer us: the last that is known, and from when."""
    return Text(f"Last known status, at {at}: {words.en}", f"最近一次已知状态（{at}）：{words.zh}")
