"""Opens what rhetor writes for other tools with those tools' own loaders, and has their exports read again.

    python tests/oracle/exports.py target/release/rhetor target/release/rhetor-train

Needs label-studio-sdk, spacy, pandas and a fasttext in a virtual environment, R, and doccano in an environment of its own
(with marshmallow<4, setuptools<80, numpy<2). What is not installed is named and passed over. Prodigy is not on PyPI: its
documented fields are checked. The labels that come back are compared with those of the JSON output.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

RHETOR, TRAIN = (str(Path(program).resolve()) for program in sys.argv[1:3])
LABELS = ["accusation", "threat", "denial", "appeal"]
ARTICLE = """Velmora accuses Tarsk of shelling village 🙂

Velmora accused Tarsk of shelling the border village. “We never fired a single shell 🙂,” a spokesman for Tarsk said.

The talks were cancelled. “Leave the valley, señores, or we will burn it,” the general warned. It rained.
"""


def export(format, name):
    Path(name).write_text(run(RHETOR, "classify", "news.txt", "--fast", "--threshold", "0.2", "--format", format))
    return name


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def converted(name):
    """What rhetor-train has from a file: texts and sets of labels."""
    import csv

    run(TRAIN, "convert", name, "-o", "data.csv", "--labels", ",".join(LABELS))
    with open("data.csv", newline="") as file:
        return [(row["text"], set(row["labels"].split("|")) - {"none"}) for row in csv.DictReader(file)]


def expected():
    article = json.loads(run(RHETOR, "classify", "news.txt", "--fast", "--threshold", "0.2", "--format", "jsonl"))
    return [(s["text"], set(s["labels"])) for s in article["sentences"] if s["kind"] != "furniture"]


def label_studio():
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface
    from label_studio_sdk.label_interface.objects import TaskValue

    labels = "".join(f'<Label value="{label}"/>' for label in LABELS)
    config = f'<View><Labels name="label" toName="text">{labels}</Labels><Text name="text" value="$text"/></View>'
    interface = LabelInterface(config)
    tasks = json.load(open(export("label-studio", "ls.json")))
    for task in tasks:
        TaskValue(**task)
        [prediction] = task["predictions"]
        assert interface.validate_prediction(prediction, return_errors=True) == []
        units = task["data"]["text"].encode("utf-16-le")
        for region in prediction["result"]:
            value = region["value"]
            assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]
        task["id"] = 1
        task["annotations"] = [{"id": 1, "completed_by": 1, "was_cancelled": False, "result": prediction["result"]}]
    json.dump(tasks, open("annotated.json", "w"))
    Converter(config, ".").convert_to_json("annotated.json", "converted", is_dir=False)
    assert converted("converted/result.json") == expected()


def doccano():
    """Into a project in doccano's database by its importer, out by its exporter."""
    import importlib.util
    import os

    sys.path.insert(0, importlib.util.find_spec("backend").submodule_search_locations[0])
    database = f"sqlite:///{os.getcwd()}/doccano.db"
    os.environ.update(DJANGO_SETTINGS_MODULE="config.settings.base", DATABASE_URL=database, SECRET_KEY="x", STANDALONE="1")
    import django

    django.setup()
    from data_export.celery_tasks import create_collaborative_dataset
    from data_export.pipeline.factories import create_formatter, create_writer
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import create_file_format
    from data_import.pipeline.readers import FileName
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from projects.models import ProjectType, TextClassificationProject

    call_command("migrate", verbosity=0)
    call_command("create_roles")
    user = get_user_model().objects.create(username="x")
    kind = ProjectType.DOCUMENT_CLASSIFICATION
    project = TextClassificationProject.objects.create(
        name="x", description="", guideline="", created_by=user, project_type=kind, collaborative_annotation=True
    )
    path = str(Path(export("doccano", "doccano.jsonl")).resolve())
    file = FileName(full_path=path, generated_name="x", upload_name="x")
    columns = {"column_data": "text", "column_label": "label", "encoding": "utf-8"}
    dataset = load_dataset(kind, create_file_format("JSONL"), [file], project, **columns)
    dataset.save(user)
    assert dataset.errors == []
    create_collaborative_dataset(project, ".", False, create_formatter(project, "JSONL"), create_writer("JSONL"))
    assert converted("all.jsonl") == expected()


def spacy():
    import spacy as library
    import srsly
    from spacy.training import Example

    nlp = library.blank("en")
    pipe = nlp.add_pipe("textcat_multilabel")
    rows = list(srsly.read_jsonl(export("spacy", "spacy.jsonl")))
    examples = [Example.from_dict(nlp.make_doc(row["text"]), {"cats": row["cats"]}) for row in rows]
    nlp.initialize(lambda: examples)
    nlp.update(examples)
    assert set(pipe.labels) == set(LABELS)
    found = [(row["text"], {label for label, value in row["cats"].items() if value}) for row in rows]
    assert found == expected()


def fasttext():
    import fasttext as library

    model = library.train_supervised(export("fasttext", "all.ft"), dim=10, lr=0.01, epoch=1, minCount=1, verbose=0)
    labels = set().union(*(labels for _, labels in expected())) | {"none"}
    assert set(model.get_labels()) == {f"__label__{label}" for label in labels}
    assert converted("all.ft") == expected()


def pandas():
    import pandas as library

    table = library.read_csv(export("csv", "all.csv"), keep_default_na=False)
    assert [(text, set(labels.split("|")) - {"none"}) for text, labels in zip(table.text, table.labels)] == expected()
    assert (table[LABELS].dtypes == float).all() and table.quoted.dtype == bool
    run(RHETOR, "review", "news.txt", "--fast", "--output", "queue.csv")
    assert list(library.read_csv("queue.csv").columns[:3]) == ["text", "labels", "suggested"]


def r():
    script = """
        table <- read.csv("all.csv"); queue <- read.csv("queue.csv", fileEncoding = "UTF-8-BOM")
        stopifnot(is.numeric(table$threat), names(queue)[1:3] == c("text", "labels", "suggested"))
        cat(nrow(table), nchar(table$text[1]))
    """
    Path("read.R").write_text(script)
    assert run("Rscript", "read.R").split() == [str(len(expected())), str(len(expected()[0][0]))]


def prodigy():
    tasks = [json.loads(line) for line in open(export("prodigy", "prodigy.jsonl"))]
    for task in tasks:
        assert [option["id"] for option in task["options"]] == LABELS
        assert set(task["accept"]) <= set(LABELS) and isinstance(task["meta"], dict)
    with open("answered.jsonl", "w") as file:
        for task in tasks:
            file.write(json.dumps({**task, "answer": "accept", "_input_hash": 1, "_task_hash": 1}) + "\n")
    assert converted("answered.jsonl") == expected()


def main():
    with tempfile.TemporaryDirectory() as folder:
        import os

        os.chdir(folder)
        Path("news.txt").write_text(ARTICLE)
        assert any(len(labels) > 1 for _, labels in expected())
        for check in (label_studio, doccano, spacy, fasttext, pandas, r, prodigy):
            try:
                check()
                print(f"{check.__name__}: opened")
            except (ImportError, FileNotFoundError, AttributeError) as missing:  # AttributeError: there is no folder `backend`
                print(f"{check.__name__}: not installed ({missing})")


if __name__ == "__main__":
    main()
