"""This article from its experiments to the published site.

`snakemake --cores 4` builds everything, by the rules of every article, which are in
`juchi/workflow/`. A rule of this article's own would stand here: whatever writes a table or a record
under `results/`.
"""

import sys

sys.path.insert(0, workflow.basedir)


# From whatever folder Snakemake was started: all paths are relative to the article's.
workdir: workflow.basedir


include: "juchi/workflow/common.smk"


rule all:
    input:
        "build/published.json",


include: "juchi/workflow/results.smk"
include: "juchi/workflow/pages.smk"
include: "juchi/workflow/paper.smk"
include: "juchi/workflow/site.smk"
