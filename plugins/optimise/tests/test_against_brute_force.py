"""The best configurations against trying out every one."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.goals import Goal
from sarto.solve.optimising import optimise, pareto, with_bounds
from sarto.solve.problem import Status
from sarto_optimise.cp_sat import solve

from .random_models import amount_of, configurations, goals, models

HARD = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
Amounts = tuple[Fraction, ...]


def amounts(model: FeatureModel, configuration: dict[str, Value], wanted: list[Goal]) -> Amounts:
    """The amounts goal by goal, those to be greatest negated."""
    found = [amount_of(model, configuration, goal) for goal in wanted]
    return tuple(-amount if goal.maximise else amount for amount, goal in zip(found, wanted, strict=True))


def wishes_of(data: st.DataObject, model: FeatureModel) -> dict[str, Value]:
    names = data.draw(st.lists(st.sampled_from(list(model.features)), max_size=2, unique=True))
    return {
        name: data.draw(st.sampled_from([False, True])) if model.features[name].type is None else False
        for name in names
    }


@HARD
@given(st.data())
def test_the_optimum_is_that_of_trying_everything(data: st.DataObject) -> None:
    model = data.draw(models(most=4))
    wanted = data.draw(goals(model))
    wishes = wishes_of(data, model)
    every = [c for c in configurations(model) if all((c[name] is not False) is value for name, value in wishes.items())]

    optimum = optimise(model, wishes, wanted, solve, 60)

    if not every:
        assert optimum.status is Status.IMPOSSIBLE
        return
    assert optimum.status is Status.OPTIMAL
    configuration = dict(optimum.configuration)
    assert is_valid(model, configuration)
    assert all((configuration[name] is not False) is value for name, value in wishes.items())
    assert amounts(model, configuration, wanted) == min(amounts(model, each, wanted) for each in every)
    assert [each.amount for each in optimum.reached] == [amount_of(model, configuration, goal) for goal in wanted]
    assert all(each.is_proved for each in optimum.reached)


@HARD
@given(st.data())
def test_the_front_is_that_of_trying_everything(data: st.DataObject) -> None:
    model = data.draw(models(most=3))
    wanted = data.draw(goals(model))
    reachable = {amounts(model, each, wanted) for each in configurations(model)}
    best = {
        one
        for one in reachable
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in reachable)
    }

    front = pareto(model, {}, wanted, solve, 60)

    assert front.is_complete
    found = [amounts(model, dict(each.configuration), wanted) for each in front.optima]
    assert found == sorted(best)
    assert all(is_valid(model, each.configuration) for each in front.optima)


@HARD
@given(st.data())
def test_bounds_are_kept(data: st.DataObject) -> None:
    model = data.draw(models(most=3))
    (goal,) = data.draw(goals(model).filter(lambda wanted: len(wanted) == 1))
    most = data.draw(st.integers(0, 8))
    every = [c for c in configurations(model) if sum(amounts(model, c, [goal])) <= 1000]
    bounded = with_bounds(model, [f"sum(price) <= {most}", "avg(weight) > 0.5"])
    kept = list(configurations(bounded))
    assume(len(kept) < len(every))

    optimum = optimise(bounded, {}, [goal], solve, 60)

    assert bool(kept) == (optimum.status is Status.OPTIMAL)
    if kept:
        assert is_valid(bounded, optimum.configuration)
        assert amounts(model, dict(optimum.configuration), [goal]) == min(amounts(model, c, [goal]) for c in kept)


@HARD
@given(st.data())
def test_free_subtrees_are_at_their_best(data: st.DataObject) -> None:
    """Without constraints the tree rules alone decide, but for what the wishes name."""
    drawn = data.draw(models(most=6))
    kept = {name: feature for name, feature in drawn.features.items() if name not in ("size", "rank", "label")}
    groups = tuple(group for group in drawn.groups if "size" not in group.members)
    model = FeatureModel(root=drawn.root, features=kept, groups=groups)
    wanted = data.draw(goals(drawn).filter(lambda found: not any("size" in goal.words for goal in found)))
    wishes = wishes_of(data, model)

    optimum = optimise(model, wishes, wanted, solve, 60)

    every = [c for c in configurations(model) if all((c[name] is not False) is value for name, value in wishes.items())]
    assert bool(every) == (optimum.status is Status.OPTIMAL)
    if every:
        assert is_valid(model, optimum.configuration)
        best = min(amounts(model, {**each, "size": False}, wanted) for each in every)
        assert amounts(model, {**optimum.configuration, "size": False}, wanted) == best
