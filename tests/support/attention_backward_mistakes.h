// What is often done wrong on the way back through softmax, mask and attention.
#pragma once

#include "support/matrix_mistakes.h"
#include "support/plain_model_backward.h"
#include "support/teach_parts.h"

namespace mistakes {

inline Mistakes softmax_backward(const Grid& gradient, const Grid& shares, const Grid& before) {
    const std::size_t rows = shares.size(), columns = shares[0].size();
    // number(gradient, share, the row's average gradient, weighted by the shares)
    const auto each = [&](auto number) {
        return made(rows, columns, [&](std::size_t row, std::size_t column) {
            double average = 0;
            for (std::size_t k = 0; k < columns; ++k)
                average += gradient[row][k] * shares[row][k];
            return number(gradient[row][column], shares[row][column], average);
        });
    };
    const auto mean_of = [&](std::size_t row) {
        double sum = 0;
        for (const double number : gradient[row])
            sum += number;
        return sum / static_cast<double>(columns);
    };
    const Grid right = plain::softmax_backward(gradient, shares);
    double running = 0;
    Grid never_afresh = right;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t k = 0; k < columns; ++k)
            running += gradient[row][k] * shares[row][k];
        for (std::size_t k = 0; k < columns; ++k)
            never_afresh[row][k] = shares[row][k] * (gradient[row][k] - running);
    }
    const Mistakes mistakes = {
        {"The average is forgotten: what one share gains the others lose, so only being better "
         "than the row's average counts.",
         each([](double g, double p, double) { return p * g; })},
        {"The share is forgotten: the difference from the average should be multiplied by it.",
         each([](double g, double, double average) { return g - average; })},
        {"The gradient is passed on as it came in.", gradient},
        {"Only the score's own share is looked at, p · (1 − p); it moves the other shares, too.",
         each([](double g, double p, double) { return p * (1 - p) * g; })},
        {"The sign is wrong: it is the gradient minus the average.",
         each([](double g, double p, double average) { return p * (average - g); })},
        {"A bracket is missing: the share should multiply the whole difference, gradient minus "
         "average.",
         each([](double g, double p, double average) { return p * g - average; })},
        {"All columns count the same in the average; each should count as much as its share.",
         made(rows, columns,
              [&](std::size_t row, std::size_t k) {
                  return shares[row][k] * (gradient[row][k] - mean_of(row));
              })},
        {"The sum of the gradients is subtracted; it should be their average, weighted by the "
         "shares.",
         made(rows, columns,
              [&](std::size_t row, std::size_t k) {
                  return shares[row][k] *
                         (gradient[row][k] - mean_of(row) * static_cast<double>(columns));
              })},
        {"The average is not begun afresh: it also holds the rows before.", never_afresh},
        {"Softmax itself is applied to the gradient; on the way back its slope is needed.",
         plain::softmax(gradient)},
    };
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

// Where the key of this place may be seen by this query.
inline bool is_visible(const Grid& grid, std::size_t query, std::size_t key) {
    return key + grid.size() <= query + grid[0].size();
}

inline Grid causal_mask_backward_right(const Grid& gradient) {
    return made(gradient.size(), gradient[0].size(), [&](std::size_t query, std::size_t key) {
        return is_visible(gradient, query, key) ? gradient[query][key] : 0.0;
    });
}

inline Mistakes causal_mask_backward(const Grid& gradient, const Grid& before) {
    const std::size_t rows = gradient.size(), columns = gradient[0].size();
    const auto only_where = [&](auto shown, double hidden) {
        return made(rows, columns, [&](std::size_t query, std::size_t key) {
            return shown(query, key) ? gradient[query][key] : hidden;
        });
    };
    const auto visible = [&](std::size_t query, std::size_t key) {
        return is_visible(gradient, query, key);
    };
    const Grid right = causal_mask_backward_right(gradient);
    Mistakes mistakes = {
        {"Everything is passed on; where the mask fell, the score had no part in the result: 0.",
         gradient},
        {"−∞ is written where the mask fell; a slope of nothing is 0.",
         only_where(visible, -plain::infinity)},
        {"It is the wrong way round: 0 belongs to where the mask fell.",
         only_where([&](auto query, auto key) { return !visible(query, key); }, 0)},
        {"A query's own key is hidden, too; it may look at its own token.",
         only_where([&](auto query, auto key) { return key + rows < query + columns; }, 0)},
        {"One key too many is passed on: the first one that comes after the query.",
         only_where([&](auto query, auto key) { return key + rows <= query + columns + 1; }, 0)},
        {"Everything is 0; what was not masked is passed on.", plain::zeros(rows, columns)},
    };
    if (columns > rows)
        mistakes.push_back({"The mask is counted from the first key; the queries are the last of "
                            "the places (visible_keys knows).",
                            only_where([](auto query, auto key) { return key <= query; }, 0)});
    if (support::same_shape(right, before))
        mistakes.push_back({"Where the mask fell, old numbers stay; 0 must be written there.",
                            made(rows, columns, [&](std::size_t query, std::size_t key) {
                                return (visible(query, key) ? gradient : before)[query][key];
                            })});
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

// For functions with two results, each a product: what goes wrong in either.
struct TwoProducts {
    std::string first_name, second_name;
    Grid first, second;               // what is right
    Grid first_before, second_before; // what stood there
};

inline support::Parts two_parts(const TwoProducts& t, const Grid& first, const Grid& second) {
    return {{t.first_name, first}, {t.second_name, second}};
}

inline support::PartsMistakes in_either(const TwoProducts& t) {
    support::PartsMistakes mistakes = {
        {t.first_name + " is forgotten: it holds what stood in it before.",
         two_parts(t, t.first_before, t.second)},
        {t.second_name + " is forgotten: it holds what stood in it before.",
         two_parts(t, t.first, t.second_before)},
        {"The gradients are subtracted: the sign is wrong.",
         two_parts(t, times(t.first, -1), times(t.second, -1))},
    };
    if (support::same_shape(t.first, t.first_before))
        mistakes.push_back({"Your code adds to what stood in " + t.first_name +
                                " before; old numbers must be written over.",
                            two_parts(t, plain::add(t.first_before, t.first), t.second)});
    if (support::same_shape(t.second, t.second_before))
        mistakes.push_back({"Your code adds to what stood in " + t.second_name +
                                " before; old numbers must be written over.",
                            two_parts(t, t.first, plain::add(t.second_before, t.second))});
    return mistakes;
}

// Each row is the sum of all rows.
inline Grid all_rows(const Grid& grid, std::size_t rows) {
    return Grid(rows, plain::sum_of_rows(grid)[0]);
}

struct MixBack {
    Grid gradient, weights, values; // (T, D), (T, S), (S, D)
    Grid weights_before, values_before;
};

inline TwoProducts mix_products(const MixBack& e) {
    return {"gradient_attention_weights",
            "gradient_values",
            plain::product(e.gradient, plain::transpose(e.values)),
            plain::product(plain::transpose(e.weights), e.gradient),
            e.weights_before,
            e.values_before};
}

inline support::PartsMistakes mix_values_backward(const MixBack& e) {
    const TwoProducts t = mix_products(e);
    support::PartsMistakes mistakes = in_either(t);
    const auto add = [&](const std::string& sentence, const Grid& first, const Grid& second) {
        mistakes.push_back({sentence, two_parts(t, first, second)});
    };
    add("The attention weights are forgotten: a value sends back as much as the query took of it.",
        t.first, all_rows(e.gradient, e.values.size()));
    add("The values are forgotten: an attention weight moves the blend by the value that it "
        "multiplies.",
        made(e.weights.size(), e.values.size(),
             [&](std::size_t query, std::size_t) {
                 double sum = 0;
                 for (const double number : e.gradient[query])
                     sum += number;
                 return sum;
             }),
        t.second);
    add("The values get an average over the queries; they should get the sum.", t.first,
        times(t.second, 1 / static_cast<double>(e.weights.size())));
    add("The gradient by the attention weights goes through the softmax already; that is the next "
        "step back.",
        plain::softmax_backward(t.first, e.weights), t.second);
    if (e.weights.size() == e.values.size())
        add("Row and column of the attention weights are exchanged: a value collects from all the "
            "queries that looked at it, so it goes down a column.",
            t.first, plain::product(e.weights, e.gradient));
    return mistakes;
}

struct ScoresBack {
    Grid gradient, queries, keys; // (T, S), (T, D), (S, D)
    Grid queries_before, keys_before;
};

inline TwoProducts score_products(const ScoresBack& e) {
    return {"gradient_queries",
            "gradient_keys",
            plain::product(e.gradient, e.keys),
            plain::product(plain::transpose(e.gradient), e.queries),
            e.queries_before,
            e.keys_before};
}

inline support::PartsMistakes attention_scores_backward(const ScoresBack& e) {
    const TwoProducts t = score_products(e);
    support::PartsMistakes mistakes = in_either(t);
    const auto add = [&](const std::string& sentence, const Grid& first, const Grid& second) {
        mistakes.push_back({sentence, two_parts(t, first, second)});
    };
    const double root = std::sqrt(static_cast<double>(e.queries[0].size()));
    add("The scale is here, too; scale_scores_backward has divided by the root already.",
        times(t.first, 1 / root), times(t.second, 1 / root));
    add("The keys are forgotten: a query moves a score by the key that it meets.",
        made(e.queries.size(), e.keys[0].size(),
             [&](std::size_t query, std::size_t) {
                 double sum = 0;
                 for (const double number : e.gradient[query])
                     sum += number;
                 return sum;
             }),
        t.second);
    if (e.queries.size() == e.keys.size()) {
        add("Queries and keys are exchanged: a query collects the keys that it met, a key the "
            "queries.",
            plain::product(e.gradient, e.queries),
            plain::product(plain::transpose(e.gradient), e.keys));
        add("Row and column of the gradient are exchanged for the keys: a key collects from all "
            "the queries that met it, so it goes down a column.",
            t.first, plain::product(e.gradient, e.queries));
    }
    return mistakes;
}

// The gradients of one head by their names.
inline support::Parts head_parts(const plain::Head& back) {
    support::Parts parts = {{"gradient.attention_weights", back.attention_weights},
                            {"gradient.scaled", back.scaled},
                            {"gradient.scores", back.scores},
                            {"gradient.queries", back.queries},
                            {"gradient.keys", back.keys},
                            {"gradient.values", back.values}};
    if (!back.masked.empty()) parts.emplace_back("gradient.masked", back.masked);
    return parts;
}

// From the gradient by the scaled scores on, with this gradient by the scores.
inline plain::Head from_scores(plain::Head back, const plain::Head& head, const Grid& by_scores) {
    back.scores = by_scores;
    back.queries = plain::product(by_scores, head.keys);
    back.keys = plain::product(plain::transpose(by_scores), head.queries);
    return back;
}

inline plain::Head from_scaled(plain::Head back, const plain::Head& head, const Grid& by_scaled) {
    back.scaled = by_scaled;
    if (!head.masked.empty()) back.masked = by_scaled;
    return from_scores(back, head, plain::scale(by_scaled, head.queries[0].size()));
}

inline support::PartsMistakes attention_backward(const plain::Head& head, const Grid& by_mixed,
                                                 const support::Parts& before) {
    const plain::Head right = plain::attention_backward(head, by_mixed);
    support::PartsMistakes mistakes;
    const auto add = [&](const std::string& sentence, const plain::Head& back) {
        mistakes.push_back({sentence, head_parts(back)});
    };
    add("The scale is forgotten: the scores were divided by √D, and so is what comes back.",
        from_scores(right, head, right.scaled));
    add("The scale is the number of keys; it should be the width of a query.",
        from_scores(right, head, plain::scale(right.scaled, head.keys.size())));
    add("The scale is undone, with · √D; what comes back is divided by √D, too.",
        from_scores(right, head,
                    times(right.scaled, std::sqrt(static_cast<double>(head.queries[0].size())))));
    if (head.masked.empty()) {
        add("The softmax is skipped: what comes back goes through softmax_backward.",
            from_scaled(right, head, right.attention_weights));
        add("softmax_backward is given the scaled scores; it needs the attention weights, what the "
            "softmax gave.",
            from_scaled(right, head,
                        plain::softmax_backward(right.attention_weights, head.scaled)));
    } else {
        mistakes.push_back({"gradient.masked is not written: with a mask, the softmax's way back "
                            "ends there, and causal_mask_backward goes on.",
                            support::with(head_parts(right), "gradient.masked",
                                          support::part_of(before, "gradient.masked"))});
    }
    if (head.queries.size() == head.keys.size()) {
        plain::Head exchanged = right;
        std::swap(exchanged.queries, exchanged.keys);
        add("The gradients by queries and keys are exchanged.", exchanged);
    }
    return mistakes;
}

} // namespace mistakes
