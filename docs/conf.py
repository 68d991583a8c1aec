"""How the pages are built: `make docs`. Nothing is fetched; every warning is an error."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from jupyter_client.manager import KernelManager

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "Scorepolis"
author = "The Scorepolis authors"
copyright = author  # noqa: A001 - Sphinx calls it so
release = version = version_of("scorepolis")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sources"]
# What make builds, and what tests leave, is no page.
exclude_patterns = ["_build", "_ext", "**/.ipynb_checkpoints"]

html_theme = "furo"
html_title = "Scorepolis"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
# Two hyphens begin an option, and quotation marks stand in code too.
smartquotes = False

# Notebooks are run anew each time, since what they show is the package of today.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

# A name of the public face is documented where it is at home, and called as it is called.
autodoc_member_order = "bysource"
autodoc_typehints = "none"
add_module_names = False
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# A kernel would warn, on every page, of what passes between it and this process in the clear.
KernelManager.transport_encryption.default_value = "auto"
