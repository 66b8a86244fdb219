"""GB/T 7714, the Chinese national standard for references: each kind of work, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.prose.bibliography import render
from juchi.prose.references import load_references

GBT = "china-national-standard-gb-t-7714-2015-numeric"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            "@book{a, author={陈登原}, title={国史旧闻}, volume={1}, address={北京}, "
            "publisher={中华书局}, year=2000, pages={29}}",
            "陈登原. 国史旧闻: 第1卷[M]. 北京: 中华书局, 2000: 29.",
        ),
        (
            "@book{a, author={哈里森 and 沃尔德伦}, title={经济数学与金融数学}, "
            "translator={谢远涛}, address={北京}, publisher={中国人民大学出版社}, "
            "year=2012, pages={235-236}}",
            "哈里森, 沃尔德伦. 经济数学与金融数学[M]. 谢远涛, 译. 北京: "
            "中国人民大学出版社, 2012: 235-236.",
        ),
        (
            "@book{a, author={Peebles, Jr., P. Z.}, title={Probability, random variable, "
            "and random signal principles}, edition={4}, address={New York}, "
            "publisher={McGraw Hill}, year=2001}",
            "PEEBLES P Z, Jr. Probability, random variable, and random signal "
            "principles[M]. 4th ed. New York: McGraw Hill, 2001.",
        ),
        (
            "@book{a, author={昂温, G. and 昂温, P. S.}, title={外国出版史}, "
            "translator={陈生铮}, address={北京}, publisher={中国书籍出版社}, year=1988}",
            "昂温 G, 昂温 P S. 外国出版史[M]. 陈生铮, 译. 北京: 中国书籍出版社, 1988.",
        ),
        (
            "@book{a, author={李炳穆 and 张三 and 李四 and 王五}, title={韩国图书馆法}, "
            "edition={2}, address={北京}, publisher={某社}, year=2008, langid={chinese}}",
            "李炳穆, 张三, 李四, 等. 韩国图书馆法[M]. 2版. 北京: 某社, 2008.",
        ),
        (
            "@book{a, editor={Smith, John and Doe, Jane}, title={A Handbook of Things}, "
            "edition={3rd}, address={London}, publisher={Press}, year=1998}",
            "SMITH J, DOE J. A handbook of things[M]. 3rd ed. London: Press, 1998.",
        ),
        (
            "@incollection{a, author={白书农}, title={植物开花研究}, editor={李承森}, "
            "booktitle={植物科学进展}, address={北京}, publisher={高等教育出版社}, "
            "year=1998, pages={146--163}}",
            "白书农. 植物开花研究[M]//李承森. 植物科学进展. 北京: 高等教育出版社, 1998: 146-163.",
        ),
        (
            "@inproceedings{a, author={贾东琴 and 柯平}, "
            "title={面向数字素养的高校图书馆数字服务体系研究}, editor={{中国图书馆学会}}, "
            "booktitle={中国图书馆学会年会论文集: 2011年卷}, address={北京}, "
            "publisher={国家图书馆出版社}, year=2011, pages={45--52}}",
            "贾东琴, 柯平. 面向数字素养的高校图书馆数字服务体系研究[C]//中国图书馆学会. "
            "中国图书馆学会年会论文集: 2011年卷. 北京: 国家图书馆出版社, 2011: 45-52.",
        ),
        (
            "@inproceedings{a, author={Vaswani, Ashish and Shazeer, Noam and Parmar, Niki "
            "and Uszkoreit, Jakob}, title={Attention is all you need}, booktitle={Advances "
            "in Neural Information Processing Systems}, volume=30, year=2017, "
            "pages={5998--6008}}",
            "VASWANI A, SHAZEER N, PARMAR N, et al. Attention is all you need[C]//Advances "
            "in Neural Information Processing Systems: Vol. 30. 2017: 5998-6008.",
        ),
        (
            "@proceedings{a, editor={{中国职工教育研究会}}, title={职工教育研究论文集}, "
            "address={北京}, publisher={人民教育出版社}, year=1985}",
            "中国职工教育研究会. 职工教育研究论文集[C]. 北京: 人民教育出版社, 1985.",
        ),
        (
            "@article{a, author={袁训来 and 陈哲 and 肖书海 and 万斌}, title={蓝田生物群: "
            "一个认识多细胞生物起源和早期演化的新窗口}, journal={科学通报}, year=2012, "
            "volume=55, number=34, pages={3219}}",
            "袁训来, 陈哲, 肖书海, 等. 蓝田生物群: "
            "一个认识多细胞生物起源和早期演化的新窗口[J]. 科学通报, 2012, 55(34): 3219.",
        ),
        (
            "@article{a, author={Des Marais, D. J. and Strauss, H. and Summons, R. E. and "
            "Hayes, J. M.}, title={Carbon isotope evidence for the stepwise oxidation of "
            "the Proterozoic environment}, journal={Nature}, year=1992, volume=359, "
            "pages={605-609}, doi={10.1038/359605a0}}",
            "DES MARAIS D J, STRAUSS H, SUMMONS R E, et al. Carbon isotope evidence for "
            "the stepwise oxidation of the Proterozoic environment[J]. Nature, 1992, 359: "
            "605-609. DOI:10.1038/359605a0.",
        ),
        (
            "@article{a, author={张三}, title={无卷的文章}, journal={杂志}, year=2012, "
            "number=3, pages={1-9}}",
            "张三. 无卷的文章[J]. 杂志, 2012(3): 1-9.",
        ),
        (
            "@article{a, author={Doe, Jane}, title={An online article}, journal={J}, "
            "year=2012, volume=3, pages={e123}, url={http://a.b/c}, urldate={2024-01-02}}",
            "DOE J. An online article[J/OL]. J, 2012, 3: e123[2024-01-02]. http://a.b/c.",
        ),
        (
            "@phdthesis{a, author={马欢}, "
            "title={人类活动影响下海河流域典型区水循环变化分析}, address={北京}, "
            "school={清华大学}, year=2011, pages={27}}",
            "马欢. 人类活动影响下海河流域典型区水循环变化分析[D]. 北京: 清华大学, 2011: 27.",
        ),
        (
            "@techreport{a, author={{World Health Organization}}, title={Factors "
            "regulating the immune response: report of WHO Scientific Group}, "
            "address={Geneva}, institution={WHO}, year=1970}",
            "World Health Organization. Factors regulating the immune response: report of "
            "WHO Scientific Group[R]. Geneva: WHO, 1970.",
        ),
        (
            "@techreport{a, author={汤万金 and 杨跃翔}, "
            "title={人体安全重要技术标准研制最终报告}, "
            "number={7178999X-2006BAK04A10/10.2013}, year=2013, urldate={2014-06-24}, "
            "url={http://www.nstrs.org.cn/x.aspx}}",
            "汤万金, 杨跃翔. 人体安全重要技术标准研制最终报告: "
            "7178999X-2006BAK04A10/10.2013[R/OL]. (2013)[2014-06-24]. "
            "http://www.nstrs.org.cn/x.aspx.",
        ),
        (
            "@standard{a, author={{全国信息与文献标准化技术委员会}}, title={信息与文献 "
            "都柏林核心元数据元素集}, number={GB/T 25100—2010}, address={北京}, "
            "publisher={中国标准出版社}, year=2010, pages={2-3}}",
            "全国信息与文献标准化技术委员会. 信息与文献 都柏林核心元数据元素集: GB/T "
            "25100—2010[S]. 北京: 中国标准出版社, 2010: 2-3.",
        ),
        (
            "@patent{a, author={张凯军}, "
            "title={轨道火车及高速轨道火车紧急安全制动辅助装置}, number={201220158825.2}, "
            "date={2012-04-05}}",
            "张凯军. 轨道火车及高速轨道火车紧急安全制动辅助装置: 201220158825.2[P]. 2012-04-05.",
        ),
        (
            "@patent{a, author={Koseki, A. and Momose, H. and Kawahito, M. and Smith, J.}, "
            "title={Compiler}, number={US828402}, date={2002-05-25}, urldate={2002-05-28}, "
            "url={http://FF.ip.com}}",
            "KOSEKI A, MOMOSE H, KAWAHITO M, et al. Compiler: US828402[P/OL]. "
            "2002-05-25[2002-05-28]. http://FF.ip.com.",
        ),
        (
            "@article{a, author={丁文祥}, title={数字革命与竞争国际化}, "
            "journal={中国青年报}, entrysubtype={newspaper}, date={2000-11-20}, pages={15}}",
            "丁文祥. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).",
        ),
        (
            "@online{a, author={萧钰}, title={出版业信息化迈入快车道}, date={2001-12-19}, "
            "urldate={2002-04-15}, "
            "url={http://www.creader.com/news/20011219/200112190019.html}}",
            "萧钰. 出版业信息化迈入快车道[EB/OL]. (2001-12-19)[2002-04-15]. "
            "http://www.creader.com/news/20011219/200112190019.html.",
        ),
        (
            "@online{a, author={{Online Computer Library Center, Inc.}}, title={About "
            "OCLC: history of cooperation}, urldate={2012-03-27}, "
            "url={http://www.oclc.org/about/cooperation.en.html}}",
            "Online Computer Library Center, Inc. About OCLC: history of "
            "cooperation[EB/OL]. [2012-03-27]. "
            "http://www.oclc.org/about/cooperation.en.html.",
        ),
        (
            "@dataset{a, author={Doe, Jane}, title={A data set}, publisher={Zenodo}, "
            "year=2020, doi={10.5281/zenodo.1}, url={https://zenodo.org/1}, "
            "urldate={2024-01-02}}",
            "DOE J. A data set[DS/OL]. Zenodo, 2020[2024-01-02]. https://zenodo.org/1. "
            "DOI:10.5281/zenodo.1.",
        ),
        (
            "@software{a, author={Doe, Jane}, title={A program}, version={1.2}, year=2020, "
            "url={https://a.b}, urldate={2024-01-02}}",
            "DOE J. A program: V1.2[CP/OL]. (2020)[2024-01-02]. https://a.b.",
        ),
    ],
)
def test_an_entry_is_that_of_the_standard(tmp_path: Path, entry: str, expected: str) -> None:
    path = tmp_path / "references.bib"
    path.write_text(entry, encoding="utf-8")
    (listed,) = render(load_references(path), ["a"], GBT, "work", "zh")
    assert listed.html.striptags() == expected
