"""Prints what `engine.doctor` finds: `arborist doctor`."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from engine import doctor


def run(*, quick: bool, as_json: bool) -> int:
    """Print the findings; returns 0, or 4 where something needed is missing."""
    with Console(stderr=True).status("looking at this machine") as status:
        machine, screen, folders = doctor.machine(), doctor.screen(), doctor.folders()
        cold = doctor.cold_parts()
        devices: tuple[doctor.Device, ...] = ()
        speeds: list[doctor.Speed] = []
        if not quick:
            status.update("loading torch")
            devices = doctor.devices()
            status.update("measuring evaluators")
            speeds = doctor.speeds()
    problems = doctor.problems(screen, folders)
    if as_json:
        found: dict[str, Any] = {
            "machine": asdict(machine),
            "devices": [asdict(one) for one in devices],
            "screen": asdict(screen),
            "folders": [{**asdict(one), "path": str(one.path)} for one in folders],
            "cold_kernels": list(cold),
            "evaluators": [asdict(one) for one in speeds],
            "problems": problems,
        }
        print(json.dumps(found))
    else:
        _print(machine, screen, folders, cold, devices, speeds, problems)
    return 4 if problems else 0


def _print(
    machine: doctor.Machine,
    screen: doctor.Screen,
    folders: tuple[doctor.Folder, ...],
    cold: tuple[str, ...],
    devices: tuple[doctor.Device, ...],
    speeds: list[doctor.Speed],
    problems: list[str],
) -> None:
    console = Console(highlight=False)
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column()
    gib = 2**30
    table.add_row("machine", f"{machine.processor}, {machine.cores} cores, {machine.memory_bytes / gib:.1f} GiB")
    table.add_row("system", f"{machine.system}, Python {machine.python}")
    table.add_row("versions", ", ".join(f"{name} {text or 'missing'}" for name, text in machine.versions.items()))
    for device in devices:
        memory = f", {device.memory_bytes / gib:.0f} GiB" if device.memory_bytes else ""
        table.add_row(f"device {device.name}", device.text + memory)
    table.add_row("screen", f"{screen.platform}, {'answers' if screen.is_seen else 'no screen: pictures only'}")
    for folder in folders:
        table.add_row(
            f"{folder.use} folder", f"{folder.path} {folder.trouble or f'({folder.free_bytes / gib:.0f} GiB free)'}"
        )
    table.add_row("kernels", "all compiled" if not cold else f"not compiled yet: {', '.join(cold)} (arborist warm)")
    for speed in speeds:
        mark = "  [bold]<- fastest[/]" if speed.is_fastest else ""
        table.add_row(
            f"{speed.generation}, batch {speed.batch}",
            f"{speed.evaluations_per_s:,.0f} evaluations/s, {speed.device}{mark}",
        )
    console.print(table)
    for problem in problems:
        console.print(f"[red]![/] {problem}")
    if screen.install_line:
        console.print(f"install what is missing with:  {screen.install_line}", soft_wrap=True)
