"""What the desk of disputes says: issues, claims, faults, clocks, and words to begin a ruling with, in both languages."""

from dingdan.kernel.refusal import Text

# What disputes are about, and what can be claimed or ruled.
ISSUES: dict[str, Text] = {
    "visible_fault": Text("A fault that can be seen", "可见瑕疵"), "hidden_fault": Text("A hidden fault", "隐蔽瑕疵"),
    "counterfeit": Text("Said to be counterfeit", "疑似假冒"),
    "surface_unconfirmed": Text("Does not match, parcel not signed by the buyer", "表面不符，非本人签收"),
    "surface_confirmed": Text("Does not match, parcel signed by the buyer", "表面不符，本人已签收"),
    "not_received": Text("Not received", "未收到货"), "merged_parcel": Text("A parcel with several orders", "合并包裹"),
    "gift": Text("About a gift", "赠品争议"), "custom_made": Text("Custom made", "定制商品"),
    "inspection": Text("About the inspection", "验货结果"), "other": Text("Something else", "其他"),
}  # fmt: skip
OUTCOMES: dict[str, Text] = {
    "refund": Text("Refund, goods are kept", "退款，不退货"), "reduce": Text("Keep for less", "保留商品，部分退款"),
    "return_refund": Text("Return and refund", "退货退款"), "replace": Text("Send another one", "补发"),
    "reject": Text("Nothing", "驳回诉求"),
}  # fmt: skip
FAULTS: dict[str, Text] = {
    "buyer": Text("The buyer", "买家"), "seller": Text("The seller", "商家"), "carrier": Text("The carrier", "承运商"),
    "platform": Text("The platform", "平台"), "nobody": Text("Nobody", "无过错方"),
}  # fmt: skip
BEARS: dict[str, Text] = {"seller": Text("The seller", "商家"), "buyer": Text("The buyer", "买家")}
EXECUTORS: dict[str, Text] = {
    "seller": Text("The seller, within 24 hours; else the platform at its expense", "商家须在 24 小时内执行，逾期由平台执行并由其承担"),
    "platform": Text("The platform", "平台"),
}  # fmt: skip
STANDINGS: dict[str, Text] = {
    "shown": Text("shown", "已举证"), "silent": Text("silent", "逾期未举证"), "due": Text("their turn", "待举证"),
    "later": Text("later", "后续"), "not_asked": Text("not asked", "未要求"),
}  # fmt: skip
CLOCKS: dict[str, Text] = {
    "dispute.buyer_turn": Text("Buyer shows until", "买家举证截止"), "dispute.seller_turn": Text("Seller shows until", "商家举证截止"),
    "dispute.rule": Text("To be ruled until", "裁决截止"), "dispute.appeal": Text("Appeal until", "申诉截止"),
    "dispute.comply": Text("Seller carries out until", "商家执行截止"), "dispute.execute": Text("Platform carries out", "平台执行"),
    "dispute.still": Text("Stands still until", "中止至"),
}  # fmt: skip
STILL: dict[str, Text] = {
    "police": Text("The police look at it", "公安机关处理中"), "court": Text("A court or arbitration looks at it", "法院或仲裁处理中"),
    "agreement": Text("Both sides want to agree", "双方协商中"),
}  # fmt: skip
ENDS: dict[str, Text] = {
    "decided": Text("It was decided there", "已作出认定"), "agreed": Text("The two sides agreed", "双方已达成一致"),
    "came_to_nothing": Text("It came to nothing", "未有结果"), "time_over": Text("Its time was over", "期限届满"),
    "withdrawn": Text("The dispute was withdrawn", "纠纷已撤销"),
}  # fmt: skip
INSTANCES: dict[str, Text] = {
    "first": Text("First ruling", "初次裁决"),
    "appeal": Text("Ruling on the appeal", "申诉裁决"),
}
RULING_TEMPLATE = {
    "en": "The buyer claims … What was shown proves … The seller answered … By the rules named, therefore …",
    "zh": "买家主张……；双方举证显示……；商家说明……。依据所引规则，裁决如下：……",
}
