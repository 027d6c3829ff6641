"""The carriers we know by name, and what their tracking numbers look like: data that the check of numbers reads."""

from collections.abc import Mapping

import msgspec

from dingdan.kernel.refusal import Text


class Form(msgspec.Struct, frozen=True):
    """One form of number. In `pattern` the group c is a check sign, computed by `rule` over the group b.

    `lead` stands before b without being printed. A group `country` is one of ISO 3166-1.
    """

    name: str
    pattern: str
    rule: str = ""
    lead: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier: its code on the wire, its name for people, the forms of its numbers and an example of one.

    Who carries for others needs a licence (Express Regulations art. 17); own drivers and the sandbox need none.
    """

    code: str
    name: Text
    example: str
    forms: tuple[Form, ...]
    needs_licence: bool = True
    # Whether there is an adapter that can be asked where a parcel is.
    is_connected: bool = False


def _post(country: str) -> Form:
    """The international form of the Universal Postal Union, S10."""
    return Form("S10", rf"[A-Z]{{2}}(?P<b>\d{{8}})(?P<c>\d)(?P<country>{country})", "s10")


def _known(code: str, en: str, zh: str, example: str, *forms: Form | str, **more: bool) -> Known:
    made = tuple(form if isinstance(form, Form) else Form(en, form) for form in forms)
    return Known(code=code, name=Text(en, zh), example=example, forms=made, **more)


_ROUTED = r"(?:420\d{5}(?:\d{4})?)?"
_MAILER = r"(?:9\d{8}(?:\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10}))"

# Chinese carriers publish lengths and beginnings, and no check digits; China Post's international numbers have that of
# the Universal Postal Union, its domestic ones none that is published.
_CHINESE = (
    _known("sf", "SF Express", "顺丰速运", "SF1234567890123", r"SF\d{13}", r"\d{12}"),
    _known("yto", "YTO Express", "圆通速递", "YT1234567890123", r"YT\d{13}", r"8\d{17}"),
    _known("zto", "ZTO Express", "中通快递", "73123456789012", r"7\d{13}", r"(?:2010|2008|4\d{3})\d{8}"),
    _known("sto", "STO Express", "申通快递", "773123456789012", r"77\d{13}", r"(?:[2-9]68|588|688|888)\d{9}"),
    _known("yunda", "Yunda Express", "韵达速递", "431234567890123", r"[34]\d{14}",
           r"(?:1[0-9]|31|39|5[058]|66|77|8[08])\d{11}"),
    _known("jd", "JD Logistics", "京东物流", "JD0123456789012", r"JD[A-Z]{0,2}\d{11,13}(?:-\d{1,4}-\d{1,4}-?)?"),
    _known("jt", "J&T Express", "极兔速递", "JT1234567890123", r"JT\d{13}"),
    _known("deppon", "Deppon Express", "德邦快递", "DPK123456789012", r"DPK\d{12}"),
    _known("ems", "China Post EMS", "中国邮政速递", "EA123456785CN", _post("CN"), r"(?:1[0-3]|5[01]|9[5789])\d{11}"),
)  # fmt: skip

_OTHERS = (
    _known("ups", "UPS", "UPS", "1Z5R89390357567127",
           Form("UPS", r"1Z(?P<b>[0-9A-Z]{15})(?P<c>\d)", "mod10_12"),
           Form("UPS Waybill", r"[AHJKTV](?P<b>\d{9})(?P<c>\d)", "mod10_12")),
    _known("fedex", "FedEx", "联邦快递", "986578788855",
           Form("FedEx Express (12)", r"(?P<b>\d{11})(?P<c>\d)", "fedex"),
           Form("FedEx Express (34)", r"[0-8]\d{19}(?P<b>\d{13})(?P<c>\d)", "fedex"),
           Form("FedEx ASTRA (32)", r"3\d{15}(?P<b>\d{11})(?P<c>\d)\d{4}", "fedex"),
           Form("FedEx Ground", r"(?P<b>\d{14})(?P<c>\d)", "mod10_13"),
           Form("FedEx Ground (SSCC-18)", r"\d\d(?P<b>\d{15})(?P<c>\d)", "mod10_31"),
           Form("FedEx Ground 96 (22)", r"96\d{5}(?P<b>\d{14})(?P<c>\d)", "mod10_13"),
           Form("FedEx Ground GSN", r"96\d{18}(?P<b>\d{13})(?P<c>\d)", "fedex")),
    _known("dhl", "DHL", "敦豪", "3318810025",
           Form("DHL Express", r"(?P<b>\d{9,10})(?P<c>\d)", "mod7"),
           Form("DHL Express (Piece ID)", r"J[A-Z]{2,3}\d{9,10}"),
           Form("DHL E-Commerce", r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)\d[0-9A-Z]{9,38}"),
           Form("DHL E-Commerce (14)", r"\d{14}")),
    _known("usps", "USPS", "美国邮政", "9400111206206406260787",
           Form("USPS IMpb N", rf"{_ROUTED}(?P<b>94\d{{3}}(?:{_MAILER}|9\d{{23}}))(?P<c>\d)", "mod10_31"),
           Form("USPS IMpb C", rf"{_ROUTED}(?P<b>(?:92(?=\d{{3}}9)|93(?=\d{{3}}[0-8])|95)\d{{3}}{_MAILER})(?P<c>\d)",
                "mod10_31"),
           Form("USPS Legacy", rf"{_ROUTED}(?P<b>91\d{{19}})(?P<c>\d)", "mod10_31"),
           Form("USPS Legacy", rf"{_ROUTED}(?P<b>\d{{19}})(?P<c>\d)", "mod10_31", lead="91"),
           Form("USPS 20", r"(?P<b>\d{19})(?P<c>\d)", "mod10_31")),
    _known("royal_mail", "Royal Mail", "英国皇家邮政", "RB123456785GB", _post("GB")),
    _known("yodel", "Yodel", "Yodel", "JD0002242617644732", r"JJ?D\d{16}"),
    _known("dpd", "DPD", "DPD", "09980000020033F",
           Form("DPD (28)", r"(?P<b>\d{27})(?P<c>[0-9A-Z])", "mod37_36"),
           Form("DPD (14)", r"(?P<b>\d{14})(?P<c>[0-9A-Z])", "mod37_36")),
    _known("amazon", "Amazon Logistics", "亚马逊物流", "TBA010000000000",
           Form("Amazon Logistics", r"TB[ACM]\d{12}"), Form("Amazon International", r"[AFC]\d{10}")),
    _known("canada_post", "Canada Post", "加拿大邮政", "0073938000549297",
           Form("Canada Post (16)", r"(?P<b>\d{15})(?P<c>\d)", "mod10_31")),
    _known("canpar", "Canpar", "Canpar", "D576002440000001718010", Form("Canpar (22)", r"[CDKLSUXZ]\d{21}")),
    _known("gofo", "GOFO Express", "GOFO", "GFUS01011884214464", Form("GOFO Express (US)", r"GFUS\d{14}")),
    _known("landmark", "Landmark Global", "Landmark Global", "LTN74207623N1",
           Form("Landmark Global LTN", r"LTN\d{8}N1")),
    _known("lasership", "LaserShip", "LaserShip", "LX17635036",
           Form("LaserShip LX", r"L[AEHINX][123]\d{7}"), Form("LaserShip 1LS7 (15)", r"1LS7[12]\d{10}"),
           Form("LaserShip 1LS7 (18)", r"1LS7[12]\d\d01[1-4]\d{6}-1"),
           Form("LaserShip 1LSCX (15)", r"1LSCX[0-9A-Z]{10}")),
    _known("old_dominion", "Old Dominion", "Old Dominion", "07209562763",
           Form("Old Dominion", r"(?P<b>(?:77[78]|072|780)\d{7})(?P<c>\d)", "luhn"),
           Form("Old Dominion Guaranteed Shipment", r"(?P<b>80\d{8})(?P<c>\d)", "luhn")),
    # The letter in front counts with the digits.
    _known("ontrac", "OnTrac", "OnTrac", "C11031500001879",
           Form("OnTrac", r"(?P<b>C\d{13})(?P<c>\d)", "mod10_12"),
           Form("OnTrac D", r"(?P<b>D\d{13})(?P<c>\d)", "mod10_12")),
    _known("purolator", "Purolator", "Purolator", "320595463938",
           Form("Purolator (12)", r"(?P<b>[0-5]\d{10})(?P<c>\d)", "luhn"),
           Form("Purolator (alpha + 9)", r"[A-Z]{3}\d{9}")),
    _known("speedee", "Spee-Dee", "Spee-Dee", "SP029692510000920746", Form("Spee-Dee (20)", r"SP\d{18}")),
    _known("yunexpress", "YunExpress", "云途物流", "YT2229521272164446", r"YT\d{16}"),
    # Any other post of the world.
    _known("s10", "Post (S10)", "邮政（S10）", "RB123456785CV", _post("[A-Z]{2}")),
)  # fmt: skip

_OURS = (
    _known("sandbox", "Sandbox carrier", "沙箱快递", "SBN0000000018",
           Form("Sandbox", r"SB[A-Z](?P<b>\d{9})(?P<c>\d)", "luhn"), needs_licence=False, is_connected=True),
    # Own drivers, collection in person and carriers without a connection.
    _known("manual", "Other or own delivery", "其他或自有配送", "VAN-2031", r"[0-9A-Z][0-9A-Z-]{3,39}",
           needs_licence=False),
)  # fmt: skip

KNOWN: Mapping[str, Known] = {one.code: one for one in (*_CHINESE, *_OTHERS, *_OURS)}
UNLICENSED = tuple(one.code for one in KNOWN.values() if not one.needs_licence)

# ISO 3166-1 alpha-2, with Kosovo's user-assigned XK as posts write it.
_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())
