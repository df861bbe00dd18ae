"""Prints what `engine.doctor` finds: `arborist doctor`."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from engine import doctor


def run(*, quick: bool, generation: str | None, keep: bool, as_json: bool) -> int:
    """Print the findings; returns 0, or 4 where something needed is missing."""
    with Console(stderr=True).status("looking at this machine") as status:
        machine, screen, folders = doctor.machine(), doctor.screen(), doctor.folders()
        cold = doctor.cold_parts()
        devices: tuple[doctor.Device, ...] = ()
        intuition: doctor.Intuition | None = None
        if not quick:
            status.update("loading torch")
            devices = doctor.devices()
            intuition = doctor.intuition(generation, keep=keep, progress=status.update)
    problems = doctor.problems(screen, folders)
    if as_json:
        found: dict[str, Any] = {
            "machine": asdict(machine),
            "devices": [asdict(one) for one in devices],
            "screen": asdict(screen),
            "folders": [{**asdict(one), "path": str(one.path)} for one in folders],
            "cold_kernels": list(cold),
            "intuition": None if intuition is None else asdict(intuition),
            "problems": problems,
        }
        print(json.dumps(found))
    else:
        _print_machine(machine, screen, folders, cold, devices)
        if intuition is not None:
            _print_intuition(intuition)
        _print_problems(problems, screen)
    return 4 if problems else 0


def _print_machine(
    machine: doctor.Machine,
    screen: doctor.Screen,
    folders: tuple[doctor.Folder, ...],
    cold: tuple[str, ...],
    devices: tuple[doctor.Device, ...],
) -> None:
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
    Console(highlight=False).print(table)


def _print_intuition(intuition: doctor.Intuition) -> None:
    """A row for each way, a column for each batch size, and what follows from it."""
    batches = list(dict.fromkeys(speed.batch for speed in intuition.speeds))
    table = Table(box=None, header_style="dim", title=f"{intuition.generation}, evaluations/s", title_justify="left")
    table.add_column("--device")
    table.add_column("runs on")
    for batch in batches:
        table.add_column(f"batch {batch}", justify="right")
    for device in dict.fromkeys(speed.device for speed in intuition.speeds):
        row = [speed for speed in intuition.speeds if speed.device == device]
        figures = (f"{speed.evaluations_per_s:,.0f}{' [bold]<[/]' if speed.is_picked else ''}" for speed in row)
        table.add_row(row[0].way, device, *figures)
    console = Console(highlight=False)
    console.print(table)
    if intuition.int8 is not None:
        console.print(_int8_text(intuition.int8), soft_wrap=True)
    if intuition.bf16 is not None:
        console.print(_bf16_text(intuition.bf16), soft_wrap=True)
    (picked,) = (speed for speed in intuition.speeds if speed.is_picked)
    kept = "from now on the meaning of auto" if intuition.is_kept else "not kept"
    console.print(f"picked for {intuition.generation}: {picked.way} ({picked.device}), {kept}", soft_wrap=True)
    console.print("override it with --device NAME, or with ARBORIST_DEVICE=NAME in the environment", soft_wrap=True)


def _int8_text(int8: doctor.Int8) -> str:
    if not int8.plan:
        return "int8: refused: this network cannot be quantised"
    verdict = "accepted" if int8.is_accepted else "refused"
    return (
        f"int8: {verdict}: with {int8.plan} in 8 bits the top action is the exact network's in {int8.agreement:.1%} of "
        f"{int8.positions:,} positions ({int8.needed:.0%} needed), mean value error {int8.value_error:.3f}"
    )


def _bf16_text(bf16: doctor.Bf16) -> str:
    return (
        f"bfloat16: {'accepted' if bf16.is_accepted else 'refused'}: with the trunk in it the top action is the exact "
        f"network's in {bf16.agreement:.1%} of {bf16.positions:,} positions ({bf16.needed:.0%} needed), mean value "
        f"error {bf16.value_error:.3f}"
    )


def _print_problems(problems: list[str], screen: doctor.Screen) -> None:
    console = Console(highlight=False)
    for problem in problems:
        console.print(f"[red]![/] {problem}")
    if screen.install_line:
        console.print(f"install what is missing with:  {screen.install_line}", soft_wrap=True)
