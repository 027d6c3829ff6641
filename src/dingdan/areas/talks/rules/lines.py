"""What the system says in a thread when something happens to a return, in both languages."""

from dingdan.kernel.refusal import Text

LINES: dict[str, Text] = {
    "return.requested": Text("The application is in.", "已提交申请。"),
    "return.changed": Text("The buyer changed the application.", "用户修改了申请。"),
    "return.approved": Text("The application is approved.", "申请已通过。"),
    "return.refused": Text("The application is refused; see what can be done instead, or appeal.",
                           "申请被拒绝；可查看替代方案或提出申诉。"),
    "return.appealed": Text("The buyer appeals; somebody else looks at it.", "用户提出申诉，由其他人员复核。"),
    "return.agreed": Text("Both sides agreed on another way.", "双方已就其他方案达成一致。"),
    "return.withdrawn": Text("The buyer withdrew the application.", "用户撤销了申请。"),
    "return.escalated": Text("It went up to the lead.", "已升级至主管处理。"),
    "return.uncalled": Text("The parcel could not be called back; a person decides.", "包裹拦截失败，由人工处理。"),
    "return.resolved": Text("The money is asked for; nothing has to come back.", "已发起退款，无需退回商品。"),
    "question.asked": Text("The seller asks for more; the clock of the answer stands still.", "商家要求补充，审核时限暂停。"),
    "question.answered": Text("The buyer answered.", "用户已补充。"),
    "question.lapsed": Text("There was no answer in time.", "用户未在期限内补充。"),
    "return.sent": Text("The goods are on their way back.", "商品已寄出。"),
    "return.received": Text("The goods are here.", "商品已签收。"),
    "return.inspected": Text("The goods were looked at.", "商品已验收。"),
    "return.lapsed": Text("The goods were not sent in time; the buyer may apply again.", "未按期寄回，可重新申请。"),
    "return.settled": Text("The money is back; this is closed.", "退款已完成，售后关闭。"),
    "offer.made": Text("There is an offer.", "有新的方案。"),
    "offer.taken": Text("The offer is taken.", "方案已被接受。"),
    "offer.declined": Text("The offer is declined.", "方案被拒绝。"),
    "offer.countered": Text("The offer is answered with another one.", "对方提出了新的方案。"),
    "offer.withdrawn": Text("The offer is taken back.", "方案已撤回。"),
    "offer.lapsed": Text("The offer was not taken in time.", "方案已过期。"),
}  # fmt: skip
