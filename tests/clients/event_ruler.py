"""Event Ruler, with which EventBridge matches events, in the process."""

import json
from pathlib import Path

import jars
import jpype

POM = Path(__file__).parent / "event_ruler" / "pom.xml"


def start():
    if not jpype.isJVMStarted():
        jpype.startJVM("-Xrs", classpath=[f"{jars.fetch(POM)}/*"], convertStrings=True)


def matches(pattern, record):
    """Whether a rule with this pattern gets a record of CloudTrail."""
    start()
    event = {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": "aws.test", "detail": record}
    ruler = jpype.JClass("software.amazon.event.ruler.Ruler")
    return bool(ruler.matchesRule(json.dumps(event), pattern))
