"""The playground's face: a page in the browser in which people use the workspace as they would use Slack.

`routes` gives the routes to hand to `playground.serve`; the rest of the package answers them.
"""

from playground.face.pages import routes
from playground.face.steps import JUMPS, Jump, Step

__all__ = ["JUMPS", "Jump", "Step", "routes"]
