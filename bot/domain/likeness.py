"""How alike two words are: for suggestions when a command, a field or a setting was mistyped (ux.md A4 23).

Distance is optimal string alignment: one insertion, deletion, replacement or swap of neighbours costs one. Characters
that sound alike are taken for one another by `sounds`, which knows the syllables of our command words and what input
methods offer in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: syllable -> the characters of command words that have it, then what is picked by mistake for them
_SYLLABLES = {
    "bang": "帮邦棒榜绑", "zhu": "助住注主柱祝", "zu": "组祖租足阻", "zhi": "织知之直值指止置制治", "fang": "方放房防",
    "an": "案按暗岸安", "gui": "规归柜贵轨", "ze": "则责泽择", "dai": "待代带贷戴袋", "ban": "办半版班伴般",
    "xun": "询寻巡训讯", "wen": "问文闻稳温", "qing": "请清情轻青庆", "hui": "回会汇灰惠绘恢", "fu": "复付服负附副覆",
    "zhong": "重中种众终", "dian": "点电店典", "jian": "建件见简间检剑捡减", "qun": "群裙", "xie": "协写些谢携",
    "zuo": "作做坐座左", "xin": "新心信欣", "cha": "查茶察差插", "jia": "假加价家驾架", "xiao": "销消小效校",
    "ri": "日", "li": "历里力理利立", "bao": "报抱保宝暴爆", "wei": "为未位围伪委维", "shen": "什神身深甚审申", "me": "么",
    "zhuang": "状装庄撞壮", "tai": "态太台泰", "jing": "静精经井敬竟", "yin": "音因阴引银", "she": "设社射舍涉",
    "che": "撤车彻", "yi": "已以一意异移易义议仪", "qu": "取去区趣曲", "deng": "等灯登", "hai": "还孩海害", "zai": "在再载",
    "mian": "免面勉", "ji": "计记机急即继级及纪集", "ti": "体题提替", "que": "确却", "ren": "认任人", "xing": "行型性星",
    "wo": "我握", "de": "的得地", "shu": "数书输束述", "ju": "据具句距拒", "ting": "停听厅亭", "gong": "工公功",
    "shang": "上商伤", "shi": "时事是十试示使施实始失", "duan": "段断短端", "ye": "业页也", "ying": "应影英",
    "bu": "不部步布补", "zhuan": "专转", "ge": "个各", "le": "了", "jin": "今进近紧", "reng": "仍扔", "ling": "令另领",
    "xiu": "休修", "he": "何和合核", "pian": "偏片", "chuang": "创窗", "dao": "到道倒导", "qian": "前钱签", "wu": "务勿误无",
    "dan": "单但担", "fa": "发法", "ming": "名明命", "yuan": "员原", "chu": "处出初除", "hao": "好号", "dui": "对队",
    "gang": "岗港刚", "zen": "怎", "xi": "息希悉西细", "cheng": "成程城惩", "da": "打答达", "tuo": "托拖", "rao": "扰绕",
    "la": "拉啦", "jie": "接结节解介", "shou": "收手守受授", "ben": "本", "tiao": "条调跳", "gou": "构够沟钩", "biao": "标表",
    "kuan": "款宽", "mei": "每没", "mi": "密蜜秘", "yong": "用永", "suan": "算", "jue": "绝决", "xu": "续需须", "neng": "能", "zi": "自字",
    "cai": "菜采裁才", "shuo": "说", "shui": "谁水", "huo": "豁或获", "yun": "运云", "fan": "返反范饭", "xiang": "项向",
    "sheng": "升生声", "bo": "驳博拨", "fou": "否", "gu": "估古姑", "lie": "列例烈", "tui": "退推腿", "gai": "改该", "qiu": "求球", "ping": "评平凭",
    "pi": "批", "chong": "充冲", "guo": "过果", "zhun": "准", "tong": "通同童", "jiao": "交胶教", "jiang": "降将奖", "chang": "常长",
    "zan": "暂赞", "bian": "编变边", "ru": "入如", "zheng": "整正政证征", "ding": "订定",
    "du": "度读独", "wan": "完玩晚", "yan": "延验严言颜", "qi": "期其起弃", "zhou": "周州洲", "zong": "总宗", "yao": "要药", "dang": "档当挡",
    "zhang": "障章彰张账帐", "song": "送松", "yu": "予与预", "bing": "并病", "fen": "分份", "tu": "突图", "kui": "馈亏", "lu": "录路",
    "lian": "联连", "men": "门们", "zhao": "找召照", "pei": "培陪", "xuan": "选", "geng": "更跟", "quan": "权全",
    "yang": "扬杨洋", "diu": "丢",
    "hu": "互户", "hou": "候后",
    "lan": "览蓝", "bie": "别", "chen": "陈沉", "su": "诉素", "lei": "类累", "pai": "排牌派", "xian": "限现", "chi": "持",
    "qin": "勤琴秦",
    "san": "散三伞",
    "kao": "考靠",
    "kai": "开",
    "can": "参残",
    "yue": "约月越",
    "gao": "告高",
    "kan": "看砍", "bei": "备背倍",
    "bi": "闭必毕笔币", "huan": "环换欢缓", "guan": "关官管", "mu": "目木", "you": "有又由", "hua": "划化话", "kuang": "况矿",
}  # fmt: skip
_SOUND = {character: syllable for syllable, characters in _SYLLABLES.items() for character in characters}


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Optimal string alignment distance of two sequences."""
    return distances(one, other)[-1]


def distances(one: Sequence[str], other: Sequence[str]) -> list[int]:
    """The distance of every beginning of the first sequence, the empty one included, from the whole second."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    found = [previous[-1]]
    last = ""
    for i, a in enumerate(one):
        left = i + 1
        row = [left]
        for j, b in enumerate(other):
            cost = previous[j] if a == b else previous[j] + 1
            above = previous[j + 1] + 1
            if above < cost:
                cost = above
            if left + 1 < cost:
                cost = left + 1
            if i and j and last == b and a == other[j - 1] and before[j - 1] + 1 < cost:
                cost = before[j - 1] + 1
            left = cost
            row.append(cost)
        before, previous, last = previous, row, a
        found.append(left)
    return found


def sounds(word: str) -> tuple[str, ...]:
    """The word as syllables where they are known, else its characters."""
    return tuple(_SOUND.get(c, c) for c in word)


def spelling(word: str) -> str:
    """The word in Latin letters where its sounds are known."""
    return "".join(sounds(word))


def unlikeness(typed: str, word: str) -> float:
    """From 0.0, the same, to 1.0, nothing in common; characters that only sound right count for a little."""
    return unlikenesses(typed, word, heard=sounds(typed), word_heard=sounds(word))[-1]


def unlikenesses(typed: str, word: str, *, heard: Sequence[str], word_heard: Sequence[str]) -> list[float]:
    """The unlikeness of every beginning of what was typed, the empty one included; the sounds are given."""
    by_sight = distances(typed, word)
    by_sound = distances(heard, word_heard)
    size = len(word)
    return [
        min(seen / longest, sounded / longest + 0.1, 1.0)
        for seen, sounded, longest in zip(
            by_sight, by_sound, (max(n, size, 1) for n in range(len(typed) + 1)), strict=True
        )
    ]


def nearest(typed: str, words: Iterable[str], *, limit: float = 0.5) -> str | None:
    """The likest of the words, None when none is like enough; the first of equals."""
    ranked = sorted(((unlikeness(typed, word), index, word) for index, word in enumerate(words)))
    return ranked[0][2] if ranked and ranked[0][0] <= limit else None
