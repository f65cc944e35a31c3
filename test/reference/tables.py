"""Writes the files of test/reference/tables as pandas and openpyxl write them, with the same rows in each.

python3 test/reference/tables.py (pandas 2 or later, pyarrow, openpyxl)
"""

import datetime
import pathlib

import openpyxl
import pandas as pd

FOLDER = pathlib.Path(__file__).parent / "tables"
ROWS = pd.DataFrame(
    {
        "patient": ["007", "P02", "Ωmega", "P04"],
        "class": ["ggo", "ggo", "normal", None],
        "score": pd.array([1, None, 4, 0], dtype="Int64"),
        "percent": [12.5, float("nan"), 1 / 3, 0.0],
        "prone": [True, False, None, True],
        "scanned": [datetime.date(2021, 3, 4), None, datetime.date(1999, 12, 31), datetime.date(2024, 2, 29)],
    }
)

for compression in ("snappy", "gzip", "zstd", "none"):
    ROWS.to_parquet(FOLDER / f"{compression}.parquet", compression=None if compression == "none" else compression)
# Row numbers that are not 0, 1, 2 … get a column of their own.
ROWS[::-1].to_parquet(FOLDER / "reversed.parquet")
for compression in ("lz4", "zstd", "uncompressed"):
    ROWS.to_feather(FOLDER / f"{compression}.feather", compression=compression)

with pd.ExcelWriter(FOLDER / "book.xlsx") as book:
    ROWS.to_excel(book, sheet_name="Scores", index=False)
    ROWS.to_excel(book, sheet_name="Old scores", index=False)
beside = openpyxl.Workbook()
for row in (["patient", "score"], ["P01", 3], ["P02", 1, "a remark"]):
    beside.active.append(row)
beside.save(FOLDER / "remark.xlsx")
