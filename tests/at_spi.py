"""Prints what AT-SPI gives of a running Pressmark: a line for each node of its tree, then, for each key
that is named, what a screen reader is told when it is pressed.

    at_spi.py [KEY...]      keys as xdotool names them
"""

import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

# On nearly every node.
DULL = {"enabled", "sensitive", "showing", "visible", "focusable", "selectable"}
PATIENCE = 30


def whole_text(node):
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def line_of(node):
    kinds = node.get_interfaces()
    states = sorted({state.value_nick for state in node.get_state_set().get_states()} - DULL)
    parts = [node.get_role_name(), repr(node.get_name())]
    if states:
        parts.append("(" + " ".join(states) + ")")
    if "Text" in kinds:
        parts.append(f"text={whole_text(node)!r} caret={Atspi.Text.get_caret_offset(node)}")
    if "Value" in kinds:
        parts.append(f"value={Atspi.Value.get_current_value(node):g}")
    about = node.get_attributes() or {}
    if "posinset" in about:
        parts.append(f"{about['posinset']} of {about.get('setsize')}")
    if node.get_description():
        parts.append(f"about={node.get_description()!r}")
    return " ".join(parts)


def walk(node, depth=0):
    """Lines of a node and all below it."""
    lines = ["  " * depth + line_of(node)]
    for at in range(node.get_child_count()):
        child = node.get_child_at_index(at)
        if child is not None:
            lines += walk(child, depth + 1)
    return lines


def application():
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(at)
        if child is not None and child.get_name() == "pressmark":
            return child
    return None


def tree():
    """The tree, once there is an article in it and it has come to rest."""
    before = None
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            root = application()
            lines = walk(root) if root else []
        except GLib.GError:
            # It changed while it was walked.
            lines = []
        if lines == before and any("document frame" in line for line in lines):
            return lines
        before = lines
        time.sleep(0.3)
    sys.exit("the window did not come to rest with an article in it")


def told(event, heard):
    source = event.source
    kind = event.type
    if kind.startswith("object:announcement"):
        heard.append(f"says {event.any_data!r}")
    elif kind.startswith("object:state-changed:focused") and event.detail1:
        heard.append(f"is at {source.get_role_name()} {source.get_name()!r}")
    elif kind.startswith("object:text-caret-moved"):
        at = event.detail1
        line = Atspi.Text.get_string_at_offset(source, at, Atspi.TextGranularity.LINE)
        heard.append(f"reads {line.content!r} at {at - line.start_offset}")
    elif kind.startswith("object:text-selection-changed"):
        if Atspi.Text.get_n_selections(source):
            chosen = Atspi.Text.get_selection(source, 0)
            text = Atspi.Text.get_text(source, chosen.start_offset, chosen.end_offset)
            heard.append(f"selects {text!r}")


def press(keys):
    heard = []

    def hear(event, *_):
        try:
            told(event, heard)
        except GLib.GError as error:
            heard.append(f"error {error.message}")

    listener = Atspi.EventListener.new(hear)
    for kind in (
        "object:announcement",
        "object:state-changed:focused",
        "object:text-caret-moved",
        "object:text-selection-changed",
    ):
        listener.register(kind)
    loop = GLib.MainContext.default()
    for key in keys:
        heard.clear()
        subprocess.run(["xdotool", "key", key], check=True)
        # What a key does is told at once or not at all; a slow machine has some time.
        until = time.monotonic() + 5
        while time.monotonic() < until:
            if not loop.iteration(False):
                time.sleep(0.02)
            if heard and until - time.monotonic() > 1.5:
                until = time.monotonic() + 1.5
        for words in heard or ["nothing"]:
            print(f"{key}: {words}", flush=True)


Atspi.init()
print("\n".join(tree()), flush=True)
press(sys.argv[1:])
