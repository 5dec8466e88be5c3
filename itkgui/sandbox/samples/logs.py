"""Logs of test stations, short and very long."""

from __future__ import annotations

import time

from itkgui.sandbox.dates import HOUR, SECOND, isoz
from itkgui.sandbox.samples.subject import Subject

_LONG = 10 * 1024 * 1024
_SCANS = (
    "digital scan",
    "analog scan",
    "threshold scan",
    "tune global threshold",
    "tune pixel threshold",
    "noise scan",
)


def readout_log(subject: Subject) -> bytes:
    """Return the log of one electrical test, a few pages."""
    rng, lines, now = subject.rng, [], subject.time
    lines.append(f"# Read-out of {subject.kind} {subject.serial}")
    for step in _SCANS:
        lines.append(f"{isoz(now)} [ info  ] Starting {step}")
        for mask in range(0, 64, 4):
            now += rng.randrange(2, 9) * SECOND
            rate = rng.gauss(1.2, 0.04)
            lines.append(f"{isoz(now)} [ info  ] {step}: mask stage {mask + 1:2d}/64, {rate:.3f} MHz")
            if rng.random() < 0.03:
                lines.append(
                    f"{isoz(now)} [warning] Lane {rng.randrange(4)}: {rng.randint(1, 9)} header errors"
                )
        temperature = rng.gauss(24.5, 0.4)
        lines.append(
            f"{isoz(now)} [ info  ] {step}: NTC {temperature:.2f} °C, VDDA {rng.gauss(1.2, 0.004):.3f} V"
        )
    lines.append(f"{isoz(now)} [ info  ] All scans done")
    return ("\n".join(lines) + "\n").encode()


def terminal_log(subject: Subject) -> bytes:
    """Return the log of an electrical test as a terminal shows it, with colours."""
    log = readout_log(subject)
    for level, colour in ((b"[ info  ]", b"32"), (b"[warning]", b"1;33")):
        log = log.replace(level, b"\x1b[" + colour + b"m" + level + b"\x1b[0m")
    return log


def station_log(subject: Subject) -> bytes:
    """Return ten megabytes of a station that watched a module for days: over a hundred thousand lines."""
    rng = subject.rng
    now = subject.time - 90 * HOUR
    lines = [f"{isoz(now)} INFO  station      start of {subject.kind} {subject.serial}"]
    size, celsius, current, lane = len(lines[0]) + 1, -14.8, 0.031, 0
    minute, prefix = -1, ""
    # One random number makes a line: this must not take longer than the download.
    while size < _LONG:
        dice = rng.random()
        now += int(900 + 4000 * dice)
        seconds = now // SECOND
        if seconds // 60 != minute:
            minute = seconds // 60
            prefix = time.strftime("%Y-%m-%dT%H:%M:", time.gmtime(seconds))
        stamp = f"{prefix}{seconds % 60:02d}.{now % SECOND:03d}Z"
        celsius += 0.02 * (dice - 0.5) - 0.001 * (celsius + 14.8)
        if dice < 0.62:
            current += 0.0001 * (dice - 0.31) - 0.002 * (current - 0.031)
            said = (
                f"DEBUG monitoring   HV 120.00 V  I {current:.5f} uA  NTC {celsius:.3f} C  dew point -41.2 C"
            )
        elif dice < 0.9:
            vacuum = 12.4 + 8 * dice
            said = f"INFO  interlock    chuck {celsius - 0.4:.2f} C, vacuum {vacuum:.1f} mbar, lid closed"
        elif dice < 0.985:
            lane = (lane + 1) % 4
            errors = int(100 * dice) % 3
            said = f"INFO  readout      lane {lane}: {int(1e6 * dice)} frames, {errors} header errors"
        elif dice < 0.9995:
            lost = int(9e4 * (dice - 0.98))
            said = f"WARNING readout    lane {lane}: lost synchronisation for {lost} ms, found again"
        else:
            register = int(1e6 * dice) % 512
            said = f"ERROR readout      lane {lane}: no answer from FE{lane + 1}, register {register:#05x}"
        lines.append(f"{stamp} {said}")
        size += len(lines[-1]) + 1
    lines.append(f"{isoz(now + SECOND)} INFO  station      end")
    return ("\n".join(lines) + "\n").encode()
