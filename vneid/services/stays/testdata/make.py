#!/usr/bin/env python3
"""Writes accepted/*.csv: one evening as several spreadsheets spell it.

    python3 make.py        # Python's csv module, in the dialects excel and excel-tab
"""
import csv
import os

VI = ["STT", "Cơ sở", "Phòng", "Họ và tên", "Số định danh", "Số hộ chiếu", "Quốc tịch", "Ngày sinh", "Giới tính", "Giờ đến", "Ngày đi", "Lý do", "Đi cùng", "Ghi chú"]
EN = ["No.", "Facility", "Room", "Full name", "Number", "Passport", "Nationality", "Birth", "Sex", "Arrival", "Leaving", "Reason", "With", "Remarks"]
ROWS = [
    ["1", "", "302", "Nguyễn Văn An", "999090000001", "", "Việt Nam", "28/02/1990", "Nam", "22/11/2026 20:00", "24/11/2026", "du lịch", "", ""],
    ["2", "", "302", "Nguyễn Thị Bé", "", "", "", "05/05/2020", "Nữ", "22/11/2026 20:00", "24/11/2026", "du lịch", "1", "con, của dòng 1"],
    ["3", "hotel-2", "11", "H'Yên Niê Kđăm", "999193000019", "", "", "1993", "nữ", "22/11/2026 19:05", "23/11/2026", "", "", ""],
    ["4", "", "303", "JOHN EXAMPLE", "", "P0000001", "UTO", "24/12/1980", "Nam", "22/11/2026 20:00", "24/11/2026", "", "", ""],
]


def iso(row):
    out = list(row)
    for i in (7, 9, 10):
        day, _, rest = out[i].partition(" ")
        if "/" in day:
            d, m, y = day.split("/")
            out[i] = f"{y}-{m}-{d}" + (" " + rest if rest else "")
    return out


def write(name, head, rows, mark="", **dialect):
    with open(os.path.join("accepted", name), "w", newline="", encoding="utf-8") as f:
        f.write(mark)
        w = csv.writer(f, **dialect)
        w.writerow(head)
        w.writerows(rows)


write("vi-excel.csv", VI, ROWS, mark="\ufeff", dialect="excel")
write("vi-semicolon.csv", VI, ROWS, mark="\ufeff", dialect="excel", delimiter=";")
write("vi-tab.csv", VI, ROWS, dialect="excel-tab")
write("en-iso.csv", EN, [iso(r) for r in ROWS], dialect="excel", lineterminator="\n")
write("en-quoted.csv", [h.upper() for h in EN], ROWS, dialect="excel", quoting=csv.QUOTE_ALL)
write("vi-columns-turned.csv", VI[::-1], [r[::-1] for r in ROWS] + [[""] * len(VI)], mark="\ufeff", dialect="excel")
write("vi-unaccented.csv", ["STT", "Ma co so", "So phong", "Ho ten", "CCCD", "Ho chieu", "Quoc tich", "Ngay sinh", "Gioi tinh", "Gio den", "Ngay di", "Ly do", "Di cung", "Ghi chu"], ROWS, dialect="excel")
