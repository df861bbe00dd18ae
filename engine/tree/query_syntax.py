"""How a query is written: its text read into a small tree of records, or refused with a sentence.

    condition = all { ("or" | "|" | "||") all }
    all       = negation { ("and" | "&" | "&&") negation }
    negation  = ("not" | "!") negation | relation
    relation  = sum { ("<" | "<=" | ">" | ">=" | "==" | "!=") sum }
    sum       = product { ("+" | "-") product }
    product   = signed { ("*" | "/") signed }
    signed    = ("-" | "+") signed | operand
    operand   = number ["%" | "k" | "M"] | word | function "(" sum { "," sum } ")" | "(" condition ")" | "|" sum "|"

Relations can be chained as in `0.2 < Q < 0.5`. A bar where an operand is due opens an absolute value; anywhere else it
closes one or means "or". Nothing is ever given to Python to evaluate: what a text can do is what stands above.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from engine.tree.query_words import Kind, Word, nearest, vocabulary

MOST_CHARACTERS = 1000
MOST_NESTED = 40


class QueryError(ValueError):
    """A query that cannot be read; its text is one sentence for people.

    Attributes:
        start, end: the place in the text that it is about.
    """

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__(sentence)
        self.start, self.end = start, end


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Named:
    """A word that stands for a number."""

    word: Word


@dataclass(frozen=True, slots=True)
class Calculation:
    """`operator` is one of + - * / or a function's name; "-" of one part turns its sign."""

    operator: str
    parts: "tuple[Measure, ...]"


@dataclass(frozen=True, slots=True)
class Relation:
    """`left operator right`, operator one of < <= > >= == !=."""

    operator: str
    left: "Measure"
    right: "Measure"


@dataclass(frozen=True, slots=True)
class Flagged:
    """A word that is yes or no, or, where `code` is given, whether it is that choice."""

    word: Word
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Negation:
    """Not `part`."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of two or more parts."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more parts."""

    parts: "tuple[Condition, ...]"


Measure = Number | Named | Calculation
Condition = Relation | Flagged | Negation | AllOf | AnyOf
Expression = Measure | Condition

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*%?)(?P<scale>[kKM](?!\w))?"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|<>|&&|\|\||[-−+*/^<>=!&|(),≤≥≠]))"
)
_SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "=": "==", "−": "-", "&": "and", "&&": "and", "!": "not"}
_RELATIONS = ("<", "<=", ">", ">=", "==", "!=")
_ARGUMENTS = {"abs": (1, 1), "log": (1, 1), "sqrt": (1, 1), "min": (2, 8), "max": (2, 8)}
_SCALES = {"k": 1e3, "K": 1e3, "M": 1e6}
_WORDS = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind`: "number", "word", "sign" or "end"."""

    kind: str
    text: str
    start: int
    end: int
    value: float = 0.0


def read(text: str) -> Expression:
    """The records of a query's or measure's text.

    Raises:
        QueryError: it is not one.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"This is {len(text):,} characters long; at most {MOST_CHARACTERS:,} are read.", MOST_CHARACTERS, len(text)
        )
    return _Reader(text).whole()


def _tokens(text: str) -> list[_Token]:
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise QueryError(f"“{text[start]}” means nothing here; leave it out.", start, start + 1)
        kind = found.lastgroup if found.lastgroup != "scale" else "number"
        assert kind is not None
        start, place = found.start(kind), found.end()
        word = found[kind]
        value = _number(word, found["scale"] or "") if kind == "number" else 0.0
        spelt = _SPELLINGS.get(word, word)
        if kind == "word" and word.lower() in _WORDS:
            kind, spelt = "sign", word.lower()
        tokens.append(_Token(kind, spelt if kind == "sign" else word, start, place, value))
    return [*tokens, _Token("end", "", end, end)]


def _number(text: str, scale: str) -> float:
    digits = text.replace("_", "").rstrip("%").rstrip()
    return float(digits) * _SCALES.get(scale, 1.0) * (0.01 if text.endswith("%") else 1.0)


class _Reader:
    """Reads one text; a class because all of its functions share the place they have come to."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0
        self._nested = 0

    def whole(self) -> Expression:
        if self._next.kind == "end":
            self._refuse("Write a condition, for example N > 500.")
        found = self._any_of()
        if self._next.kind != "end":
            self._refuse(self._what_came_instead(found))
        return found

    # -- conditions ------------------------------------------------------------------------------------------------

    def _any_of(self) -> Expression:
        return self._joined(self._all_of, ("or", "|", "||"), AnyOf)

    def _all_of(self) -> Expression:
        return self._joined(self._negation, ("and",), AllOf)

    def _joined(
        self,
        part: Callable[[], Expression],
        signs: tuple[str, ...],
        join: Callable[[tuple[Condition, ...]], AllOf | AnyOf],
    ) -> Expression:
        begin = self._place
        first = part()
        parts = [first]
        while self._next.kind == "sign" and self._next.text in signs:
            parts[-1] = self._condition(parts[-1], begin)
            self._place += 1
            begin = self._place
            parts.append(part())
        if len(parts) == 1:
            return first
        parts[-1] = self._condition(parts[-1], begin)
        return join(tuple(each for each in parts if isinstance(each, Condition)))

    def _negation(self) -> Expression:
        if not self._takes("not"):
            return self._relation()
        with_depth = self._enter()
        begin = self._place
        found = Negation(self._condition(self._negation(), begin))
        self._nested = with_depth
        return found

    def _relation(self) -> Expression:
        begin = self._place
        left = self._sum()
        if self._next.kind != "sign" or self._next.text not in _RELATIONS:
            return left
        if isinstance(left, Flagged) and left.word.choices and left.code is None:
            return self._choice(left.word)
        relations: list[Condition] = []
        left = self._measure(left, begin)
        while self._next.kind == "sign" and self._next.text in _RELATIONS:
            operator = self._take().text
            begin = self._place
            right = self._measure(self._sum(), begin)
            relations.append(Relation(operator, left, right))
            left = right
        return relations[0] if len(relations) == 1 else AllOf(tuple(relations))

    def _choice(self, word: Word) -> Condition:
        """`pruned == by_hand`: the comparison of a word that has choices."""
        operator, token = self._take(), self._next
        names = tuple(name for name, _ in word.choices)
        if operator.text not in ("==", "!="):
            self._refuse(
                f"{word.name} can only be compared by == or !=, for example {word.name} == {names[0]}.", operator
            )
        code = dict(word.choices).get(token.text.lower()) if token.kind == "word" else None
        if code is None:
            self._refuse(f"{word.name} can be {_either(names)}.", token)
        self._place += 1
        found = Flagged(word, code)
        return found if operator.text == "==" else Negation(found)

    # -- numbers ---------------------------------------------------------------------------------------------------

    def _sum(self) -> Expression:
        return self._calculated(self._product, ("+", "-"))

    def _product(self) -> Expression:
        return self._calculated(self._signed, ("*", "/"))

    def _calculated(self, part: Callable[[], Expression], signs: tuple[str, ...]) -> Expression:
        begin = self._place
        found = part()
        while self._next.kind == "sign" and self._next.text in signs:
            left = self._measure(found, begin)
            operator = self._take().text
            begin = self._place
            found = Calculation(operator, (left, self._measure(part(), begin)))
        return found

    def _signed(self) -> Expression:
        token = self._next
        if token.kind != "sign" or token.text not in ("-", "+"):
            return self._operand()
        outer = self._enter()
        self._place += 1
        begin = self._place
        inner = self._measure(self._signed(), begin)
        self._nested = outer
        return inner if token.text == "+" else Calculation("-", (inner,))

    def _operand(self) -> Expression:
        token = self._next
        outer = self._enter()
        if token.kind == "number":
            self._place += 1
            found: Expression = Number(token.value)
        elif token.kind == "word":
            found = self._word()
        elif self._takes("("):
            found = self._any_of()
            self._expect(")", token)
        elif token.text in ("|", "||"):
            found = self._size()
        else:
            self._refuse(_wanting(token))
        self._nested = outer
        if self._next.text in ("**", "^"):
            self._refuse("There are no powers; multiply instead, or use sqrt().")
        return found

    def _size(self) -> Expression:
        """`|sum|`."""
        opening = self._next
        self._take_bar()
        begin = self._place
        inner = self._measure(self._sum(), begin)
        if self._next.text not in ("|", "||"):
            self._refuse("The bar “|” that opens an absolute value is not closed.", opening)
        self._take_bar()
        return Calculation("abs", (inner,))

    def _word(self) -> Expression:
        token = self._take()
        word = vocabulary().get(token.text.lower())
        if word is None:
            self._refuse(self._unknown(token.text), token)
        if word.kind is Kind.FUNCTION:
            return self._call(word, token)
        if self._next.text == "(":
            self._refuse(f"{word.name} is no function; functions are {_either(tuple(_ARGUMENTS))}.", token)
        return Named(word) if word.kind is Kind.NUMBER else Flagged(word)

    def _call(self, word: Word, token: _Token) -> Calculation:
        opening = self._next
        if not self._takes("("):
            self._refuse(f"{word.name} wants its numbers in brackets: {word.extent}.", token)
        arguments: list[Measure] = []
        while True:
            begin = self._place
            arguments.append(self._measure(self._sum(), begin))
            if not self._takes(","):
                break
        self._expect(")", opening)
        least, most = _ARGUMENTS[word.name]
        if not least <= len(arguments) <= most:
            wanted = "one number" if most == 1 else f"{least} to {most} numbers"
            self._refuse(f"{word.name} takes {wanted}, not {len(arguments)}: {word.extent}.", token)
        return Calculation(word.name, tuple(arguments))

    # -- kinds -----------------------------------------------------------------------------------------------------

    def _condition(self, found: Expression, begin: int) -> Condition:
        if not isinstance(found, Condition):
            self._refuse(f"{self._quoted(begin)} is a number; compare it, for example {self._raw(begin)} > 0.5.", begin)
        return found

    def _measure(self, found: Expression, begin: int) -> Measure:
        if isinstance(found, Condition):
            self._refuse(f"{self._quoted(begin)} is yes or no; it cannot be reckoned with.", begin)
        return found

    # -- tokens ----------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def _takes(self, sign: str) -> bool:
        """Go past `sign` if it is next."""
        if self._next.kind == "sign" and self._next.text == sign:
            self._place += 1
            return True
        return False

    def _take_bar(self) -> None:
        """Go past one bar; of two that stand together the second stays."""
        token = self._next
        if token.text == "||":
            self._tokens[self._place] = _Token("sign", "|", token.start + 1, token.end)
        else:
            self._place += 1

    def _expect(self, sign: str, opening: _Token) -> None:
        if not self._takes(sign):
            if self._next.kind == "end":
                self._refuse("The bracket “(” is not closed.", opening)
            self._refuse(f"Here a “{sign}” is due, not “{self._text[self._next.start : self._next.end]}”.")

    def _enter(self) -> int:
        """Count one more thing inside another; the count to go back to."""
        outer = self._nested
        self._nested += 1
        if self._nested > MOST_NESTED:
            self._refuse(f"More than {MOST_NESTED} brackets or signs stand inside each other; write it more simply.")
        return outer

    def _refuse(self, sentence: str, where: _Token | int | None = None) -> NoReturn:
        """Say what is wrong with the next token, another, or everything from token number `where` on."""
        if isinstance(where, int):
            start, end = self._tokens[where].start, self._tokens[self._place - 1].end
        else:
            token = where or self._next
            start, end = token.start, token.end
        raise QueryError(sentence, start, max(end, start + 1))

    def _raw(self, begin: int) -> str:
        return self._text[self._tokens[begin].start : self._tokens[self._place - 1].end]

    def _quoted(self, begin: int) -> str:
        return f"“{self._raw(begin)}”"

    def _unknown(self, name: str) -> str:
        for word in vocabulary().values():
            if name.lower() in dict(word.choices):
                return f"“{name}” goes with {word.name}: write {word.name} == {name.lower()}."
        known = tuple(word.name for word in vocabulary().values())
        near = nearest(name, tuple(dict.fromkeys((*known, *vocabulary()))))
        hint = f"did you mean {_either(tuple(near))}?" if near else "type a letter to see the words there are."
        return f"“{name}” is not known: {hint}"

    def _what_came_instead(self, found: Expression) -> str:
        """Why the text cannot go on as it does."""
        text = self._text[self._next.start : self._next.end]
        if self._next.text == ")":
            return "This “)” closes nothing."
        if self._next.text == ",":
            return "A comma stands only between a function's numbers; write 1000 for 1,000."
        link = "“and” or “or”" if isinstance(found, Condition) else "a sign such as > or +"
        return f"Before “{text}” {link} is missing."


def _wanting(token: _Token) -> str:
    """What is said where a number or word should stand."""
    if token.kind == "end":
        return "Something is missing at the end."
    return f"Before “{token.text}” a number or a word is missing."


def _either(names: tuple[str, ...]) -> str:
    """Names in a row: a, b or c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
