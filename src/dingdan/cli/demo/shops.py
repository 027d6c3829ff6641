"""The shops of the demo: what they sell, where from, and who buys."""

import msgspec

from dingdan.kernel.address import Address


class Product(msgspec.Struct, frozen=True):
    """A thing on a shelf, or a bundle of others (`contents`), which has no stock of its own; price in fen."""

    sku: str
    zh: str
    en: str
    category: str
    price: int
    stock: int
    flags: tuple[str, ...] = ()
    contents: tuple[tuple[str, int], ...] = ()
    most_each: int | None = None
    # One word for sizes of one thing.
    kin: str | None = None
    # Of a story with a name, and in no other basket.
    is_told_of: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether anybody may buy any number of it, as it lies on the shelf."""
        return not self.contents and self.most_each is None and not self.is_told_of


class House(msgspec.Struct, frozen=True):
    """A second warehouse, with half as much on its shelves; `serves` is the channel that both serve."""

    code: str
    zh: str
    en: str
    address: Address
    serves: str


class Shop(msgspec.Struct, frozen=True):
    """A merchant of the demo."""

    code: str
    zh: str
    en: str
    warehouse: str
    warehouse_zh: str
    warehouse_en: str
    address: Address
    channels: tuple[tuple[str, str, str], ...]
    products: tuple[Product, ...]
    freight: int
    free_freight_from: int | None
    second: House | None = None


def place(*parts: str) -> Address:
    """An address in China from its parts: name, phone, province, city, district, the rest."""
    name, phone, province, city, district, detail = parts
    return Address(name=name, phone=phone, country="CN", province=province, city=city, district=district, detail=detail)


WEB, TMALL, DOUYIN = ("web", "官网", "Own shop"), ("tmall", "天猫", "Tmall"), ("douyin", "抖音", "Douyin")

SHOPS = (
    Shop(
        "lantern", "灯里家居", "Lantern Home", "HZ1", "杭州仓", "Hangzhou warehouse",
        place("灯里售后组", "0571-88001234", "浙江省", "杭州市", "余杭区", "仓前街道良睦路 99 号 3 栋"),
        (WEB, TMALL),
        (
            Product("LAMP-OAK", "橡木台灯", "Oak table lamp", "home/lighting", 19900, 180),
            Product("LAMP-PAPER", "和纸落地灯", "Paper floor lamp", "home/lighting", 42900, 60),
            Product("MUG-CELADON", "青瓷马克杯", "Celadon mug", "home/tableware", 8990, 400),
            Product("MUG-SET4", "青瓷马克杯四件套", "Celadon mugs, set of four", "home/tableware", 31900, 0,
                    contents=(("MUG-CELADON", 4),)),
            Product("CUSHION-LINEN", "亚麻靠垫", "Linen cushion", "home/textile", 12900, 150),
            Product("THROW-WOOL", "羊毛盖毯", "Wool throw", "home/textile", 39900, 70),
            Product("NAMEPLATE", "定制门牌", "Engraved name plate", "home/decor", 16800, 50, ("custom_made",)),
            Product("CANDLE-SANDAL", "檀香蜡烛", "Sandalwood candle", "home/decor", 6900, 220),
            Product("PILLOW-LATEX", "乳胶枕 12 厘米", "Latex pillow, 12 cm", "home/textile", 16900, 40, is_told_of=True),
            Product("MUG-ENGRAVED", "刻字马克杯", "Engraved mug", "home/tableware", 12900, 30, ("custom_made",),
                    is_told_of=True),
        ),
        1000, 29900,
    ),
    Shop(
        "yunwu", "云雾茶铺", "Cloud & Mist Tea", "FZ1", "福州仓", "Fuzhou warehouse",
        place("云雾客服", "0591-83005678", "福建省", "福州市", "鼓楼区", "东街口 18 号"),
        (WEB, DOUYIN),
        (
            Product("TEA-LONGJING-100", "明前龙井 100 克", "Longjing tea, 100 g", "food/tea", 26800, 120, ("intimate",)),
            Product("TEA-DAHONGPAO-50", "大红袍 50 克", "Da Hong Pao, 50 g", "food/tea", 19900, 140, ("intimate",)),
            Product("TEA-JASMINE-200", "茉莉花茶 200 克", "Jasmine tea, 200 g", "food/tea", 8800, 300, ("intimate",)),
            Product("CAKE-OSMANTHUS", "鲜制桂花糕", "Fresh osmanthus cake", "food/fresh", 5800, 80, ("perishable",)),
            Product("LYCHEE-2KG", "鲜荔枝 2 公斤", "Fresh lychees, 2 kg", "food/fresh", 9900, 60, ("perishable",)),
            Product("GAIWAN-WHITE", "白瓷盖碗", "White gaiwan", "home/tableware", 12800, 110),
            Product("TEA-PUER-1998", "一九九八年普洱茶饼", "Pu'er cake of 1998", "food/tea", 128000, 12, ("intimate",),
                    most_each=2),
            Product("KETTLE-IRON", "铸铁壶", "Cast-iron kettle", "home/tableware", 45800, 40),
            Product("OIL-CAMELLIA", "鲜榨山茶油 1 升", "Fresh camellia oil, 1 l", "food/fresh", 8800, 50, ("perishable",),
                    is_told_of=True),
            Product("FORMULA-NL", "荷兰进口奶粉(跨境)", "Milk powder from the Netherlands (cross-border)", "food/milk", 26800,
                    60, ("cross_border",), is_told_of=True),
        ),
        800, 19900,
    ),
    Shop(
        "greenwood", "青木服饰", "Greenwood Clothing", "GZ1", "广州仓", "Guangzhou warehouse",
        place("青木退换组", "020-38007788", "广东省", "广州市", "番禺区", "石北工业路 1 号 B 座"),
        (WEB, TMALL, DOUYIN),
        (
            Product("TEE-WHITE-M", "纯棉白 T 恤 M", "Cotton tee, white, M", "clothing/tops", 8990, 500, kin="tee-white"),
            Product("TEE-WHITE-L", "纯棉白 T 恤 L", "Cotton tee, white, L", "clothing/tops", 8990, 460, kin="tee-white"),
            Product("SHIRT-LINEN-M", "亚麻衬衫 M", "Linen shirt, M", "clothing/tops", 25900, 130),
            Product("DRESS-INDIGO-S", "蓝染连衣裙 S", "Indigo dress, S", "clothing/dresses", 49900, 60, kin="dress-indigo"),
            Product("DRESS-INDIGO-M", "蓝染连衣裙 M", "Indigo dress, M", "clothing/dresses", 49900, 75, kin="dress-indigo"),
            Product("SOCK-3", "中筒袜三双", "Crew socks, three pairs", "clothing/socks", 3990, 600),
            Product("BRIEFS-3", "莫代尔内裤三条", "Modal briefs, three", "clothing/underwear", 9900, 240, ("intimate",)),
            Product("COAT-DOWN-L", "轻羽绒服 L(预售)", "Light down coat, L (presale)", "clothing/coats", 89900, 45, ("presale",)),
        ),
        1200, 19900,
        House("SZ1", "苏州仓", "Suzhou warehouse",
              place("青木华东退换组", "0512-62881234", "江苏省", "苏州市", "吴中区", "木渎镇金枫南路 198 号 2 栋"), "web"),
    ),
)  # fmt: skip

BUYERS: tuple[tuple[str, Address], ...] = (
    ("u-1001", place("王小明", "13812345678", "浙江省", "杭州市", "西湖区", "文三路 478 号华星时代广场 A 座 1203")),
    ("u-1002", place("李思雨", "13987654321", "上海市", "上海市", "徐汇区", "漕溪北路 88 号 2602 室")),
    ("u-1003", place("陈国栋", "13711112222", "广东省", "东莞市", "", "南城街道鸿福路 200 号 5 栋 901")),
    ("u-1004", place("赵敏", "18633334444", "北京市", "北京市", "朝阳区", "望京西园 316 号楼 1 单元 702")),
    ("u-1005", place("阿依古丽·买买提", "15055556666", "新疆维吾尔自治区", "乌鲁木齐市", "天山区", "人民路 33 号")),
    ("u-1006", place("周晓彤", "13377778888", "四川省", "成都市", "武侯区", "人民南路四段 9 号 3 栋 2 单元")),
    ("u-1007", place("Emily Carter", "15899990000", "上海市", "上海市", "静安区", "愚园路 172 号 1801")),
    ("u-1008", place("孙浩然", "13622223333", "湖北省", "仙桃市", "", "干河街道仙桃大道 66 号")),
    ("u-1009", place("何雅琴", "18855557777", "江苏省", "南京市", "鼓楼区", "中山北路 101 号 604")),
    ("u-1010", place("欧阳文博", "13100001111", "福建省", "厦门市", "思明区", "环岛南路 2 号")),
)  # fmt: skip
