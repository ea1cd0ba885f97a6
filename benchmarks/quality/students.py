"""Ten programs of Python as students write them, each with a mistake, and as a person would repair them."""

from __future__ import annotations

from typing import NamedTuple


class Student(NamedTuple):
    """What is wrong, the program, and the program as a person would repair it."""

    mistake: str
    broken: str
    fixed: str


def _student(mistake: str, program: str, wrong: str, right: str) -> Student:
    """A program with a line that is wrong; it is there once."""
    assert program.count(right) == 1
    return Student(mistake, program.replace(right, wrong), program)


GRADES = """# Grades of a class.
grades = [78, 92, 61, 85]

def average(numbers):
    total = 0
    for n in numbers:
        total = total + n
    return total / len(numbers)

best = max(grades)
if average(grades) > 75:
    print("The class did well:", average(grades))
else:
    print("The class should practise more.")
print("Best grade:", best)
"""
GUESS = """import random

secret = random.randint(1, 20)
guess = 0
tries = 0
while guess != secret:
    guess = int(input("Your guess: "))
    tries += 1
    if guess == secret:
        print("Right, after", tries, "tries!")
    elif guess < secret:
        print("Too small.")
    else:
        print("Too large.")
"""
SHOP = """class Basket:
    def __init__(self, owner):
        self.owner = owner
        self.items = {}

    def add(self, name, price, count=1):
        if name in self.items and count > 0:
            self.items[name] += price * count
        else:
            self.items[name] = price * count

    def total(self):
        return sum(self.items.values())

basket = Basket("Mina")
basket.add("apple", 0.5, 4)
basket.add("bread", 2.8)
print(basket.owner + " pays " + str(basket.total()))
"""
STUDENTS = [
    _student("missing colon", GRADES, "    for n in numbers\n", "    for n in numbers:\n"),
    _student("stray quote", SHOP, 'basket.add("bread"", 2.8)', 'basket.add("bread", 2.8)'),
    _student("mixed indentation", GRADES, "\ttotal = total + n", "        total = total + n"),
    _student("= for ==", GUESS, "    if guess = secret:", "    if guess == secret:"),
    _student("unclosed bracket", GUESS, 'int(input("Your guess: ")\n', 'int(input("Your guess: "))\n'),
    _student("print statement", GRADES, 'print "Best grade:", best', 'print("Best grade:", best)'),
    _student("missing quote", GRADES, "practise more.)", 'practise more.")'),
    _student("misspelt keyword", GUESS, "whlie guess != secret:", "while guess != secret:"),
    _student("else if", GUESS, "    else if guess < secret:", "    elif guess < secret:"),
    _student("missing comma", SHOP, "def add(self, name price, count=1):", "def add(self, name, price, count=1):"),
]  # fmt: skip
