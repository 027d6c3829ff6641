"""The case file of an order: everything that the archive has of it in one packet, the same bytes every time."""

import hashlib
import html
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from dingdan.areas.archive.model import Opened, People
from dingdan.areas.archive.rules import packing
from dingdan.kernel import ids
from dingdan.kernel.canonical import canonical
from dingdan.kernel.refusal import Text

# Packets know no time zone and no time before this one.
_EPOCH = (1980, 1, 1, 0, 0, 0)

TITLE = Text("Case file of order {number}", "订单 {number} 案卷")
KEPT_AS = Text("Bundle", "归档包")
PEOPLE = Text("People (confidential)", "个人信息（保密）")
NOBODY = Text("Not included, or erased.", "未包含或已删除。")
NOTHING = Text("Nothing.", "无。")
# What people call the parts; one without a name here goes by its own.
PARTS: Mapping[str, Text] = {
    "order": Text("Order", "订单"),
    "lines": Text("Lines", "订单行"),
    "amendments": Text("Changes", "订单变更"),
    "objections": Text("Objections", "异议"),
    "policy": Text("Return policy that applies", "适用的退货政策"),
    "channel_orders": Text("Order on its channel", "渠道订单"),
    "price_layers": Text("Price, step by step", "价格构成"),
    "price_shares": Text("Price by line", "价格分摊"),
    "promotion_uses": Text("Promotions used", "使用的促销"),
    "deposits": Text("Deposits", "定金和订金"),
    "payments": Text("Payments", "支付"),
    "payment_allotments": Text("Shares of payments", "支付分配"),
    "captures": Text("Money received", "收款记录"),
    "send_backs": Text("Money sent back", "退款打款"),
    "credit_movements": Text("Balances, points and cards", "余额、积分和礼品卡"),
    "postings": Text("Postings", "记账凭证"),
    "entries": Text("Entries in the books", "会计分录"),
    "reservations": Text("Stock kept", "库存预留"),
    "movements": Text("Stock moved", "库存流水"),
    "reviews": Text("Reviews", "审核"),
    "work": Text("Picking and packing", "拣货打包"),
    "parcels": Text("Parcels", "包裹"),
    "parcel_lines": Text("What lay in them", "包裹内容"),
    "scans": Text("Tracking", "物流轨迹"),
    "confirmations": Text("Confirmations", "确认单"),
    "messages": Text("Messages", "通知"),
    "returns": Text("Returns", "退货"),
    "return_lines": Text("Lines returned", "退货行"),
    "return_remarks": Text("What was said about returns", "售后沟通"),
    "return_questions": Text("What was asked about returns", "售后补充要求"),
    "disputes": Text("What the platform was asked to decide", "平台介入纠纷"),
    "dispute_entries": Text("What both sides said and showed in disputes", "双方举证"),
    "dispute_rulings": Text("What was ruled", "平台裁决"),
    "dispute_standstills": Text("When disputes stood still", "纠纷中止记录"),
    "exchanges": Text("Something else instead", "换货记录"),
    "exchange_lines": Text("What was wanted instead", "换货商品"),
    "repairs": Text("Goods that came to be mended", "维修记录"),
    "line_services": Text("What clocks leave out or begin anew with", "维修和换货对期限的影响"),
    "return_offers": Text("What was offered instead", "协商方案"),
    "order_notes": Text("Notes of the staff", "员工备注"),
    "note_mentions": Text("Whom notes called", "备注提及"),
    "order_tags": Text("Tags", "标签"),
    "order_keepers": Text("Who looks after it", "负责人"),
    "evidence": Text("Evidence", "凭证"),
    "withdrawals": Text("Withdrawals from the contract", "撤销合同声明"),
    "return_parcels": Text("Parcels sent back", "退货包裹"),
    "inspections": Text("Inspections", "验货"),
    "inspection_lines": Text("What was found", "验货结果"),
    "customs_releases": Text("Release by customs", "海关放行"),
    "customs_returns": Text("Goods back through customs", "退运"),
    "refunds": Text("Refunds", "退款"),
    "refund_lines": Text("What refunds are made of", "退款明细"),
    "refund_tenders": Text("How refunds are paid", "退款渠道"),
    "refund_signatures": Text("Who approved refunds", "退款审批"),
    "hand_payouts": Text("Refunds paid by hand", "线下退款"),
    "looks": Text("Who looked", "验货人员"),
    "stray_pictures": Text("Pictures of parcels nobody announced", "无头件照片"),
    "inspection_pictures": Text("Pictures of goods that came back", "验货照片"),
    "returned_goods": Text("Goods that came back", "退回商品"),
    "dispositions": Text("What became of them", "退回商品处置"),
    "return_addresses": Text("Where they go back to", "退货地址"),
    "return_labels": Text("Labels for the way back", "退货面单"),
    "return_scans": Text("Tracking of the way back", "退货物流轨迹"),
    "strays": Text("Parcels without a name", "无头件"),
    "cases": Text("What went wrong", "异常单"),
    "case_owners": Text("Who answered for it", "异常单负责人"),
    "case_entries": Text("What was done about it", "异常单处理记录"),
    "case_budgets": Text("What may be given beyond the price", "补偿额度"),
    "remedies": Text("What was given", "补救措施"),
    "replacements": Text("What was sent in its place", "补发商品"),
    "claims": Text("Claims on carriers", "承运商索赔"),
    "settlement_lines": Text("Settled with the merchant", "商家结算明细"),
    "invoice_requests": Text("Invoices that were asked for", "开票申请"),
    "invoices": Text("Invoices", "发票"),
    "feedback": Text("Feedback", "评价"),
    "facts": Text("What happened", "事件记录"),
}


def case_file(opened: Opened, *, with_people: bool) -> bytes:
    """A packet (zip): each bundle as it was hashed, what is said about people, a manifest, and pages to read."""
    files: dict[str, bytes] = {}
    for one in opened.bundles:
        name = f"{one.number:06d}-{one.kind}"
        files[f"bundles/{name}.facts.json"] = packing.unpacked(one.facts)
        files[f"bundles/{name}.envelope.json"] = one.envelope.encode()
        if one.people is not None:
            files[f"bundles/{name}.people.sealed"] = one.people
    people = _told(opened)
    if with_people and people is not None:
        files["people.json"] = canonical(people)
    for language in ("en", "zh"):
        files[f"case-file.{language}.html"] = page(opened, language, with_people=with_people).encode()
        files[f"case-file.{language}.txt"] = text(opened, language, with_people=with_people).encode()
    files["manifest.json"] = canonical(_manifest(opened, files))
    return _packet(files)


def page(opened: Opened, language: str, *, with_people: bool) -> str:
    """The case file to be read in a browser."""
    body = []
    for head, rows in _sections(opened, language, with_people=with_people):
        body.append(f"<h2>{html.escape(head)}</h2>")
        body += [f"<table>{''.join(_row(*pair) for pair in _flat(row))}</table>" for row in rows]
        body += [] if rows else [f"<p>{html.escape(_in(NOTHING, language))}</p>"]
    title = html.escape(_in(TITLE, language).format(number=ids.spoken(opened.kept.order_id)))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title><style>'
        "body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;"
        "margin:0 0 .8rem;width:100%}th,td{border:1px solid #ddd;padding:.2rem .5rem;text-align:left;"
        "vertical-align:top;overflow-wrap:anywhere}th{width:14rem;font-weight:normal;color:#555}"
        f"</style><h1>{title}</h1>{''.join(body)}</html>\n"
    )


def text(opened: Opened, language: str, *, with_people: bool) -> str:
    """The case file as plain text."""
    lines = [_in(TITLE, language).format(number=ids.spoken(opened.kept.order_id)), ""]
    for head, rows in _sections(opened, language, with_people=with_people):
        lines += [f"== {head} ==", ""]
        for row in rows:
            lines += [f"{name}: {value}" for name, value in _flat(row)] + [""]
        lines += [] if rows else [_in(NOTHING, language), ""]
    return "\n".join(lines)


def _sections(opened: Opened, language: str, *, with_people: bool) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What is shown: each part by its name, then people, then what proves all of it."""
    for part in [*(name for name in PARTS if name in opened.facts), *sorted(set(opened.facts) - set(PARTS))]:
        if opened.facts[part]:
            yield _in(PARTS[part], language) if part in PARTS else part, opened.facts[part]
    people = _told(opened) if with_people else None
    said = [{"": _in(NOBODY, language)}] if people is None else [people]
    yield _in(PEOPLE, language), said
    yield (
        _in(KEPT_AS, language),
        [{"number": one.number, "kind": str(one.kind), "sha256": one.hash.hex()} for one in opened.bundles],
    )


def _told(opened: Opened) -> People | None:
    """What is said about people, without what the staff wrote for each other: a case file goes to others."""
    if opened.people is None or "order_notes" not in opened.people:
        return opened.people
    shown = {row["id"] for row in opened.facts.get("order_notes", []) if row["is_shown"]}
    notes = {number: words for number, words in opened.people["order_notes"].items() if number in shown}
    return {**opened.people, "order_notes": notes}


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """A row as pairs of a dotted name and a text; what is empty is left out."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _flat(value[key], f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{place}]")
    elif value is not None and value != "":
        yield name, str(value)


def _row(name: str, value: str) -> str:
    return f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"


def _in(words: Text, language: str) -> str:
    return words.zh if language == "zh" else words.en


def _manifest(opened: Opened, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "bundles": [{"hash": one.hash.hex(), "kind": str(one.kind), "number": one.number} for one in opened.bundles],
        "faults": list(opened.faults),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "order": ids.encode("order", opened.kept.order_id),
    }


def _packet(files: Mapping[str, bytes]) -> bytes:
    """A zip without a clock in it: its bytes hang on what is in it and on nothing else."""
    packet = io.BytesIO()
    with zipfile.ZipFile(packet, "w") as into:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            into.writestr(entry, data)
    return packet.getvalue()
