# What static catchment information buys a rainfall-runoff network (Li et al. 2022).
#
# Text files become tables, tables and a vector become members, members become ensembles,
# ensembles become figures: rules/data, vectors, train, evaluate, tables, figures.

from snakemake.utils import min_version

min_version("9.27")


# A configuration stands alone: the default one is read only where no other is given, because
# Snakemake would merge the two.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/fetch.smk"
include: "workflow/rules/vectors.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/experiments.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/simulate.smk"


# Within a SLURM job the jobs of a group are run one by one; as a group they would ask for more than
# it has.
if workflow.remote_exec:
    for made in workflow.rules:
        made.group = None


from randvec.messages import message_of


# What is printed when a job starts. Not in a dry run, which tells the files of each job.
onstart:
    for made in workflow.rules:
        made.message = message_of(made.name, made.script, made.log)


localrules:
    all,
    data,
    fetch,
    vectors,
    members,
    tables,
    figures,
    pages,
    simulate,


rule all:
    default_target: True
    input:
        rules.data.input,
        rules.members.input,
        rules.tables.input,
        rules.figures.input,
        rules.pages.input,
