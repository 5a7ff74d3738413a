"""Facts in CSV: a row a customer, kinds by column, and one clear answer to everything that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.csv_facts import read_csv_facts
from sarto.model.expression import Value


def facts_of(text: str) -> dict[str, dict[str, Value]]:
    lines = text.splitlines(keepends=True)
    return {known.name: dict(known.facts) for known in read_csv_facts(lines, "facts.csv", "acme")}


def said_of(text: str) -> list[str]:
    with pytest.raises(SartoError) as caught:
        facts_of(text)
    return [str(error) for error in caught.value.errors]


def test_kinds_are_those_of_the_columns() -> None:
    text = (
        "customer,listed,employees,share,postcode,note\nAcme,true,120,0.5,61029,uses , nothing\n".replace(
            "uses , nothing", '"uses, nothing"'
        )
        + "Bolt,FALSE,-3,2,00184, spaced \n"
    )
    assert facts_of(text) == {
        "Acme": {
            "customer": "Acme",
            "listed": True,
            "employees": 120,
            "share": 0.5,
            "postcode": "61029",
            "note": "uses, nothing",
        },
        "Bolt": {
            "customer": "Bolt",
            "listed": False,
            "employees": -3,
            "share": 2,
            "postcode": "00184",
            "note": "spaced",
        },
    }


@pytest.mark.parametrize("cell", ["1_000", "1,5", "٣", "0x1f", "1e999", "nan", "inf", "1.", ".5", "9" * 19, "yes"])
def test_what_is_no_plain_number_is_a_text(cell: str) -> None:
    assert facts_of(f"customer;fact\nAcme;{cell}\n")["Acme"]["fact"] == cell


def test_an_empty_cell_is_a_missing_fact() -> None:
    assert facts_of("customer,region,employees\nAcme,,3\nBolt,EU, \n") == {
        "Acme": {"customer": "Acme", "employees": 3},
        "Bolt": {"customer": "Bolt", "region": "EU"},
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_are_separated_by_what_is_most_often_in_the_first_line(separator: str) -> None:
    text = separator.join(['"a, b; c\td"', "customer", "region"]) + "\n" + separator.join(["1", "Acme", "EU"]) + "\n"
    assert facts_of(text) == {"Acme": {"a, b; c\td": 1, "customer": "Acme", "region": "EU"}}


def test_why_a_column_is_of_texts_is_noted() -> None:
    lines = ["customer,employees\n", "Acme,80\n", "Bolt,n/a\n", "Coil,7\n"]
    (note,) = {known.notes["employees"] for known in read_csv_facts(lines, "facts.csv")}
    assert note == "the column is of texts, because line 2 has '80' and line 3 'n/a'"


def test_rows_of_one_customer_add_up() -> None:
    text = "customer,region,employees\nAcme,EU,\nBolt,US,1\nAcme,,80\nAcme,EU,80\n"
    assert facts_of(text)["Acme"] == {"customer": "Acme", "region": "EU", "employees": 80}


def test_rows_that_contradict_each_other_are_named_with_both_lines() -> None:
    assert said_of('customer,region,note\nAcme,EU,"two\nlines"\n\nAcme,US,\n') == [
        "facts.csv:5: two rows contradict each other on 'region' of 'Acme': 'EU' in line 2 and 'US' in line 5\n"
        "  hint: keep one of the two, or leave that cell of one empty"
    ]


def test_without_a_column_of_customers_one_row_is_that_of_the_file() -> None:
    assert facts_of("region\nEU\n") == {"acme": {"region": "EU"}}
    assert said_of("costumer,region\nAcme,EU\nBolt,US\n") == [
        "facts.csv:1: there are several rows, and no column 'customer' says whose they are\n"
        "  hint: did you mean 'costumer'?"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "facts.csv:1: there is no line of names on top\n  hint: write one: customer,region,employees"),
        ("customer,,region\nAcme,1,EU\n", "facts.csv:1: column 2 has no name"),
        (
            "customer,region,region\n",
            "facts.csv:1: two columns have the name 'region'\n  hint: name one of them otherwise",
        ),
        ("customer,region\nAcme\n", "facts.csv:2: this row has 1 cells, and the first line names 2"),
        ("customer,region\n,EU\n", "facts.csv:2: the customer's name is empty"),
        (
            'customer,region\n"A\ncme",EU\n',
            "facts.csv:2: a customer's name is one line without control characters",
        ),
        ('customer,region\nAcme,"EU\n', "facts.csv:2: this is no CSV: unexpected end of data"),
        ('customer,region\nAcme,"EU"x\n', "facts.csv:2: this is no CSV: ',' expected after '\"'"),
        (
            f"customer,note\nAcme,{'x' * 200_000}\n",
            "facts.csv:2: this is no CSV: field larger than field limit (131072)",
        ),
    ],
)
def test_what_is_no_table_of_facts_is_said_with_its_line(text: str, said: str) -> None:
    assert said_of(text) == [said]


def test_of_many_faults_the_first_are_told_and_the_others_counted() -> None:
    said = said_of("customer,region\n" + "Acme\n" * 5000)
    assert (len(said), said[-1]) == (21, "facts.csv: and 4,980 more errors")


CELLS = st.one_of(
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(-1e6, 1e6).map(lambda x: round(x, 3)),
    st.text("ab ,;'\"\n"),
)


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_what_is_written_is_read_as_what_it_was(values: list[Value]) -> None:
    import csv
    from io import StringIO

    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["customer", *(f"fact{number}" for number in range(len(values)))])
    writer.writerow(["Acme", *(str(value).lower() if isinstance(value, bool) else value for value in values)])
    read = facts_of(out.getvalue())["Acme"]
    wanted = {f"fact{number}": value for number, value in enumerate(values)}
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in wanted.items()}
    assert {name: value for name, value in read.items() if name != "customer"} == {
        name: value for name, value in cleaned.items() if value != ""
    }
