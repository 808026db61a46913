// What an attention map looks like: how much of its weight follows patterns that are known from
// trained transformers, and how spread out it is.
//
// A score is a mean over queries. The query at place 0 has a single key, itself, and no choice, so
// it is left out of all of them. In the formulas a(q, k) is the attention weight of query q (who
// looks) on key k (who is looked at), k <= q, and id the token at a place.
//
// The scores say where a head looks, not what it does with what it finds there: see heads.h for
// what the model is worth without it.
#pragma once

#include "matrix.h"

#include <cstddef>
#include <vector>

namespace whirlygig {

struct PatternScores {
    // a(q, q − 1): the token just before. "Previous-token heads": Elhage et al. 2021, A
    // Mathematical Framework for Transformer Circuits; Olsson et al. 2022.
    double previous = 0;

    // a(q, 0): the first token, on which heads that find nothing else often park their weight
    // ("attention sinks": Xiao et al. 2023). For query 1 this is also the previous token.
    double first = 0;

    // Sum of a(q, k) over k < q with id(k) = id(q): earlier places with the same token. Mean over
    // the queries that have such a place. ("Duplicate-token heads": Wang et al. 2022,
    // Interpretability in the Wild.)
    double same = 0;

    // Sum of a(q, k) over 0 < k < q with id(k − 1) = id(q): the tokens that followed this token
    // when it stood there before. Mean over the queries that have such a place. This is the "prefix
    // matching" of induction heads (Olsson et al. 2022, In-context Learning and Induction Heads),
    // measured on the given text instead of repeated random tokens.
    double induction = 0;

    // −Sum of a(q, k) · ln a(q, k), in nats: 0 for a head that looks at one token only.
    double entropy = 0;

    // The entropy's share of the largest possible one, ln(q + 1), which looking at all q + 1 keys
    // evenly has: 0 for one token only, 1 for all alike.
    double evenness = 0;
};

// Adds up the scores of attention maps, one sequence after the other.
class PatternSums {
public:
    // The map (T, T) of one head over the text `ids` (T). Throws an Error for another shape.
    void add(const Matrix& attention_weights, const std::vector<int>& ids);

    // The means so far. A score that no query counts for is not a number (NaN).
    PatternScores scores() const;

private:
    struct Mean {
        double sum = 0;
        std::size_t count = 0;
        void add(double value);
        double value() const;
    };
    Mean previous, first, same, induction, entropy, evenness;
};

// The map (T, T) of a head that looks at all keys it may see evenly: what a score is worth that
// comes without any preference.
Matrix even_map(std::size_t tokens);

} // namespace whirlygig
