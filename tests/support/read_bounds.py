"""How many documents a view reads at most: the table of docs/performance.md, read as formulas."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from analytics.local_time import HOURS_PER_DAY, HourRange, midnight_utc
from analytics.months import whole_months
from bot.db.database import Handle
from bot.db.reader import Reader
from bot.views.heads import place
from bot.views.scope import Scope

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
_ROW = re.compile(r"^\| `([a-z/_]+)` \| `([^`]+)` \|", re.MULTILINE)
_PARTS = (ast.Expression, ast.BinOp, ast.Add, ast.Mult, ast.Constant, ast.Name, ast.Load)


@dataclass(frozen=True, slots=True)
class Bound:
    """A formula of sums and products over the sizes that the page names."""

    formula: str

    def most(self, sizes: Mapping[str, int]) -> int:
        """Its value; raises ValueError for what is no such formula, KeyError for an unknown size."""
        tree = ast.parse(self.formula.replace("·", "*"), mode="eval")
        if not all(isinstance(node, _PARTS) for node in ast.walk(tree)):
            raise ValueError(f"{self.formula} is not made of sums and products")
        return _value(tree.body, sizes)


def _value(node: ast.expr, sizes: Mapping[str, int]) -> int:
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return _value(left, sizes) + _value(right, sizes)
        case ast.BinOp(left, ast.Mult(), right):
            return _value(left, sizes) * _value(right, sizes)
        case ast.Name(name):
            return sizes[name]
        case ast.Constant(int(number)):
            return number
    raise ValueError(ast.dump(node))


@cache
def bounds() -> Mapping[str, Bound]:
    """The page's formulas by view."""
    return {kind: Bound(formula) for kind, formula in _ROW.findall(PAGE.read_text(encoding="utf-8"))}


async def sizes(db: Handle, scope: Scope) -> dict[str, int]:
    """What the letters of the formulas are for a question, by counting; of several servers the greatest."""
    servers = [scope.guild_id, *await Reader(db).partners(scope.guild_id)]
    each = [await _sizes(db, replace(scope, guild_id=guild)) for guild in servers]
    return {"s": len(servers), **{letter: max(found[letter] for found in each) for letter in each[0]}}


async def _sizes(db: Handle, scope: Scope) -> dict[str, int]:
    placed = await place(Reader(db), scope)
    guild = {"guildId": str(scope.guild_id)}
    period = placed.period
    earlier = period.previous_ranges(placed.zones)
    today = midnight_utc((period.stop - 1) // HOURS_PER_DAY)
    return {
        "d": _days(placed.ranges),
        "p": _days(earlier),
        "m": _of_members(placed.ranges),
        "q": _of_members(earlier),
        "c": await db.channels.count_documents(guild),
        "t": await db.memberDays.count_documents({**guild, "day": today}),
        "v": await db.channelDays.count_documents({**guild, "day": today}),
        "j": await db.memberActivityStats.count_documents({**guild, "joinTimestamp": {"$type": "date"}}),
        "l": await db.memberArchive.count_documents(guild),
        "b": await db.memberActivityStats.count_documents({**guild, "leaveHistory": {"$ne": []}}),
        "n": await db.threads.count_documents(guild),
        "r": sum(
            [
                await db.memberActivityStats.count_documents({**guild, "standing.roles": str(role)})
                for role in scope.roles
            ]
        ),
    }


def _days(ranges: tuple[HourRange, ...]) -> int:
    return sum(len(span.days) for span in ranges)


def _of_members(ranges: tuple[HourRange, ...]) -> int:
    """Months that lie whole in the ranges, and days that lie in none of them."""
    months = [month for span in ranges for month in whole_months(span.whole_days)]
    return _days(ranges) - sum(map(len, months)) + len(months)
