"""Opens a scoring sheet with openpyxl, checks what a spreadsheet program makes of it, fills it in and saves it.

Use: node writeForm.ts form.xlsx && python forms.py form.xlsx ../fixtures/forms/byOpenpyxl.xlsx   (openpyxl 3.1.5)
"""

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
assert book.sheetnames == ["Scores", "How to fill this in", "LungNB form"], book.sheetnames
scores, guide, hidden = book.worksheets
assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden"]
assert book.security.lockStructure
assert all(sheet.protection.sheet for sheet in book.worksheets)
assert scores.freeze_panes == "C2"
assert [cell.value for cell in scores["A"]] == ["Case", 1, 2, 3]
assert [cell.value for cell in scores["B"]] == ["Patient", "P03", "P01", "P02"]
assert scores["C1"].value == "Ground-glass opacity\nRLL"

unlocked = {cell.coordinate for row in scores.iter_rows() for cell in row if not cell.protection.locked}
assert unlocked == {f"{column}{row}" for column in "CDEFGH" for row in (2, 3, 4)}, unlocked
assert all(cell.protection.locked for sheet in (guide, hidden) for row in sheet.iter_rows() for cell in row)


def choices(formula):
    sheet, cells = formula.rsplit("!", 1)
    return [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]


rules = {str(rule.sqref): rule for rule in scores.data_validations.dataValidation}
lists = {cells: choices(rule.formula1) for cells, rule in rules.items() if rule.type == "list"}
assert lists == {
    "C2:C4 D2:D4": [0, 1, 2, 3, 4],
    "E2:E4": ["UIP", "NSIP, fibrotic", "NSIP"],
    "F2:F4": ["yes", "no"],
}, lists
others = {cells: (rule.type, rule.operator, rule.formula1, rule.formula2) for cells, rule in rules.items() if rule.type != "list"}
assert others == {
    "G2:G4": ("decimal", "between", "0", "100"),
    "H2:H4": ("textLength", "lessThanOrEqual", "4000", None),
}, others
assert all(rule.allowBlank and rule.showErrorMessage and rule.showInputMessage for rule in rules.values())
assert rules["C2:C4 D2:D4"].prompt.startswith("0: < 1 %; 1: 1–24 %")

scores["C2"], scores["E2"], scores["F2"] = 4, "NSIP", "yes"
scores["D3"], scores["G3"] = 0, 0.25
scores["G3"].number_format = "0%"
book.save(sys.argv[2])
print("as it should be")
