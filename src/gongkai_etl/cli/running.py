"""``gongkai run`` and ``gongkai demo``: the DAGs in this machine's stores, without a scheduler."""

from __future__ import annotations

from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run", help="收集、核对、入库一个年度（可接着发布），不需要 Airflow 服务在运行。")(run)
    app.command("demo", help="用样例县跑一遍：24个单位、两个年度，收集到发布。")(demo)


def run(
    year: Annotated[int | None, typer.Option(help="报告年度；不写则为去年")] = None,
    units: Annotated[list[str] | None, typer.Option(help="只收这些单位（可重复）")] = None,
    publish: Annotated[bool, typer.Option(help="入库后发布，不等待人工核准")] = False,
    reason: Annotated[str, typer.Option(help="有未能说明的数据时，写明为何可以发布")] = "",
) -> None:
    """Run the DAGs for one year and show where every unit stands."""
    from gongkai_etl.cli._run_child import follow, stores_up
    from gongkai_etl.cli._run_view import show_year, wide_console
    from gongkai_etl.collect import roster
    from gongkai_etl.settings import settings
    from gongkai_etl.steps.plan import check_county, checked_year, chosen_units

    # The same refusals as in the task, before anything is started.
    chosen = checked_year(year, settings())
    known = roster.load(settings().roster)
    check_county(known, settings().county)
    chosen_units(known, chosen, units or [])
    console = wide_console()
    runs: list[tuple[str, dict[str, Any]]] = [("gongkai_collect", {"year": chosen, "units": units or []})]
    if publish:
        runs.append(("gongkai_publish", {"year": chosen, "wait_for_approval": False, "reason": reason}))
    with stores_up(console) as stack:
        follow(console, stack, runs)
        show_year(console, chosen, findings=True)


def demo(
    samples: Annotated[str, typer.Option(help="样例文件夹")] = "",
) -> None:
    """Put the sample county into the inbox, collect both years, publish, and show what came out."""
    import gongkai_etl.steps.samples as given
    from gongkai_etl.cli._run_child import follow, stores_up
    from gongkai_etl.cli._run_view import show_places, show_results, show_totals, show_year, wide_console

    console = wide_console()
    root = given.find(samples)
    with stores_up(console, roster=root / "units.csv") as stack:
        from gongkai_etl.steps.stores import stores

        years, added = given.put(stores(), root)
        console.print(f"收件箱：样例文件 {added} 个为新放入" if added else "收件箱：样例文件都已在")
        runs: list[tuple[str, dict[str, Any]]] = [("gongkai_collect", {"year": year}) for year in years]
        runs += [
            ("gongkai_publish", {"year": year, "wait_for_approval": False, "reason": given.REASON})
            for year in years
        ]
        follow(console, stack, runs)
        for year in years:
            show_year(console, year, findings=year == years[-1])
        show_totals(console, years[-1])
        show_results(console, stores(), years[-1], stack.home.path / "results" / str(years[-1]))
        show_places(console, stack)
