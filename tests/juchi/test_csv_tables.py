"""CSV as programs and people write it: read as it is meant, or refused with the cause."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from juchi.core.errors import UserError
from juchi.core.tables import read_any_table


def read(folder: Path, contents: bytes) -> dict[str, list[object]]:
    path = folder / "rain.csv"
    path.write_bytes(contents)
    return {name: values.tolist() for name, values in read_any_table(path).items()}


@pytest.mark.parametrize(
    ("contents", "columns"),
    [
        (b"\xef\xbb\xbfname,x\na,1\n", {"name": ["a"], "x": [1]}),
        (b"x,y\r\n1,2\r\n", {"x": [1], "y": [2]}),
        (b"x,y\n1,2\n\n3,4\n\n", {"x": [1, 3], "y": [2, 4]}),
        (b'x,y\n"a\nb",2\n', {"x": ["a\nb"], "y": [2]}),
        (b"x\n0\n10\n", {"x": [0, 10]}),
        (b"x\n1e-3\n-2\n", {"x": [0.001, -2.0]}),
        (b"x\n 1.\n.5 \n+1E+2\n-inf\n", {"x": [1.0, 0.5, 100.0, -math.inf]}),
        (b"x\n9223372036854775807\n", {"x": [2**63 - 1]}),
        (b"x\n9223372036854775808\n", {"x": [2.0**63]}),
        # Rounded, they would be others.
        (b"x\n12345678901234567890\n", {"x": ["12345678901234567890"]}),
        (b"x,y\n9007199254740993,1\n,2\n", {"x": ["9007199254740993", ""], "y": [1, 2]}),
        (b"x,y\n1,2\n \n3,4\n,\n , \n", {"x": [1, 3], "y": [2, 4]}),
        (b"x,y\n1_000,1\n0x10,-\n", {"x": ["1_000", "0x10"], "y": ["1", "-"]}),
        (b"x,y\ntrue,\nFALSE,True\n", {"x": [True, False], "y": [None, True]}),
        (b"x\n2020-02-29\nNA\n", {"x": [date(2020, 2, 29), None]}),
        (b"x\n2020-02-30\n", {"x": ["2020-02-30"]}),
        (b"x\n2020-02-29T12:30\n", {"x": [datetime(2020, 2, 29, 12, 30)]}),
        (b"x,y\nNA, a\n,NA\n", {"x": [None, None], "y": [" a", "NA"]}),
        (b"x,y\n", {"x": [], "y": []}),
        # Row names, spaces around names, and what a comma at the end of each line leaves.
        (b",x\n1,2\n", {"": [1], "x": [2]}),
        (b"x , y\n1, 2\n", {"x": [1], "y": [2]}),
        (b"x,y,\n1,2,\n3,4,\n", {"x": [1, 3], "y": [2, 4]}),
        (b'"x; y",z\n1,2\n', {"x; y": [1], "z": [2]}),
        ('name,x\n"Müller, A.",1\n'.encode(), {"name": ["Müller, A."], "x": [1]}),
    ],
)
def test_a_table_is_read_as_it_is_meant(
    tmp_path: Path, contents: bytes, columns: dict[str, list[object]]
) -> None:
    assert read(tmp_path, contents) == columns


def test_an_empty_cell_among_numbers_is_no_number(tmp_path: Path) -> None:
    columns = read(tmp_path, b"x,y\n1,NA\n,4\n")
    np.testing.assert_array_equal(columns["x"], [1, np.nan])
    np.testing.assert_array_equal(columns["y"], [np.nan, 4])


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (b"name;x\na;1,5\nb;2,5\n", "write it with commas instead of semicolons"),
        (b"name;x\na;1\n", "write it with commas instead of semicolons"),
        (b"name\tx\na\t1\n", "write it with commas instead of tabs"),
        ("name，x\na，1\n".encode(), "write it with commas instead of full-width commas"),
        (b"name|x\na|1\n", "write it with commas instead of bars"),
        (b"x,x\n1,2\n", "give each column a name of its own"),
        (b"# by R\nx,y\n1,2\n", "take the remark above the head away"),
        ("x,y\n1,2\nMüller,1\n".encode("latin-1"), "rain.csv:3\n  found:    the byte 0xfc"),
        ("x,y\n1,2\n".encode("utf-16"), "found:    UTF-16"),
        (b"x,y\n1,2\n\n1,2,3\n", "rain.csv:4\n  found:    cells: 2 in the head, 3 in this row"),
        (b'x,y\n1,"ab\n', "rain.csv:2\n  found:    unexpected end of data"),
        (b'x,y\n1,"ab\n', "a quotation mark that nothing closes"),
        (b"x;y,z\n1;2,3\n4;5,6\n", "found:    cells between commas and semicolons"),
        (b"x;y,z\n1,2,3\n", "write commas between all cells"),
        (b"x\ty,z\n1\t2,3\n", "found:    cells between commas and tabs"),
        (b"x,,y\n1,2,3\n", "found:    a column without a name, number 2 of 3"),
        (b"All,,Else\nx,y,z\n1,2,3\n", "a head in two rows"),
        (b"x,x \n1,2\n", "two columns named 'x'"),
        (b"Rain of May\nx,y\n1,2\n", "if the first line is a title, take it away"),
        (b"PK\x03\x04\x14\x00", "a spreadsheet, whatever its name says"),
        ("城市,值\n北京,1\n".encode("gbk"), "likely to be in GBK: iconv -f GBK -t UTF-8 "),
        ("城市,值\n𠮷野,1\n".encode("gb18030"), "likely to be in GB18030: iconv -f GB18030"),
        ("x\nMüller\n".encode("cp1252"), "iconv -f WINDOWS-1252 -t UTF-8 "),
        ("城市\t值\n北京\t1\n".encode("utf-16"), "iconv -f UTF-16 -t UTF-8 "),
        ("x,y\n1,2\n".encode("utf-16-le"), "iconv -f UTF-16LE -t UTF-8 "),
        (b"", "an empty file"),
        (b"\n\n", "an empty file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_cause(
    tmp_path: Path, contents: bytes, said: str
) -> None:
    with pytest.raises(UserError) as refused:
        read(tmp_path, contents)
    assert said in str(refused.value)
    assert "rain.csv" in str(refused.value)
