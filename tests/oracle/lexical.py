"""Writes lexical.json: TF-IDF, chi-squared and logistic regression by scikit-learn on invented sentences.

    pip install scikit-learn && python tests/oracle/lexical.py

Tokens are given, so that the numbers do not hang on a tokeniser. Matrices are sparse triplets [row, column, value];
columns are named by `terms`, in scikit-learn's order (sorted by code point).
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression

LABELS = ["accusation", "appeal"]

# Invented; countries, persons and bodies are fictional. The digits are the two labels' tags.
SENTENCES = """\
10 Velmora accused Tarsk of shelling the border village .
10 The minister blamed the council for the flooded streets .
10 " They lied to the miners , " Orla Denz said .
10 Prosecutors charged the mayor with taking bribes .
10 Tarsk accused Velmora of breaking the truce again .
10 The union said the company had cheated its workers .
10 He called the raid a crime and blamed the general .
10 The envoy condemned the council 's silence on the raid .
10 Officials in Tarsk alleged that Velmora armed the rebels .
01 The mayor urged residents to save water .
01 " Please open the road , " the miners said .
01 Velmora asked the envoy to return to the talks .
01 The union called on the company to raise pay .
01 Families begged the general for news of the prisoners .
01 He urged both sides to keep the truce .
01 The council appealed for tents and clean water .
01 " Come back to the table , " the envoy told Tarsk .
01 Residents demanded that the mayor resign .
11 He blamed the company and demanded that it pay .
11 The envoy accused Tarsk of delay and urged it to return to the talks .
11 " You broke the truce ; stop the shelling , " Velmora said .
11 The miners said the mayor lied and called on him to resign .
00 The talks will resume in the capital on Monday .
00 The river rose two metres in a night .
00 The company opened a second mine near the border .
00 Orla Denz has led the union since spring .
00 The truce has held for nine days .
00 Prices of bread and water rose again .
00 The general visited the border village .
00 The mayor opened the new road on Monday .
00 Café owners – 1,200 of them – met in Göllstad .
00 The envoy will return on Monday ."""


def triplets(matrix):
    coo = matrix.tocoo()
    order = np.lexsort((coo.col, coo.row))
    return [[int(coo.row[i]), int(coo.col[i]), float(coo.data[i])] for i in order]


def vectorised(vectorizer, documents):
    matrix = vectorizer.fit_transform(documents)
    return matrix, {
        "terms": vectorizer.get_feature_names_out().tolist(),
        "idf": vectorizer.idf_.tolist(),
        "matrix": triplets(matrix),
    }


def token_ngrams(tokens):
    return tokens + [" ".join(pair) for pair in zip(tokens, tokens[1:])]


def label_figures(matrix, gold):
    model = LogisticRegression(C=1.0, tol=1e-8, max_iter=10000).fit(matrix.toarray(), gold)
    return {
        "gold": gold.tolist(),
        "chi2": chi2(matrix, gold)[0].tolist(),
        "coefficients": model.coef_[0].tolist(),
        "intercept": float(model.intercept_[0]),
        "probabilities": model.predict_proba(matrix.toarray())[:, 1].tolist(),
    }


def main():
    tags, sentences = zip(*(line.split(" ", 1) for line in SENTENCES.splitlines()))
    tokens = [sentence.split() for sentence in sentences]
    settings = {"sublinear_tf": True, "smooth_idf": True, "norm": "l2"}
    words = TfidfVectorizer(analyzer=lambda x: token_ngrams(x), **settings)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=True, **settings)
    word_matrix, word_figures = vectorised(words, tokens)
    character_matrix, character_figures = vectorised(characters, sentences)
    both = hstack([word_matrix, character_matrix]).tocsr()
    gold = np.array([[tag == "1" for tag in row] for row in tags])
    out = {
        "made_by": "tests/oracle/lexical.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "notes": {
            "texts": "the tokens joined by one space",
            "words": "token 1-2-grams, the two tokens of a pair joined by one space, case kept",
            "characters": "char_wb 3-5-grams of the text in lower case, each block normed by itself",
            "labels": "chi2, coefficients (C=1, lbfgs, intercept not penalised): columns of words, then of characters",
        },
        "texts": sentences,
        "tokens": tokens,
        "words": word_figures,
        "characters": character_figures,
        "labels": {name: label_figures(both, gold[:, j]) for j, name in enumerate(LABELS)},
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
