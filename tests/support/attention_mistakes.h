// What is often done wrong in the exercises of attention.cpp, and what comes out of it.
#pragma once

#include "support/product_mistakes.h"

#include <utility>

namespace mistakes {

inline Mistakes attention_scores(const Grid& queries, const Grid& keys, const Grid& before) {
    const std::size_t rows = queries.size(), columns = keys.size(), width = keys[0].size();
    const auto sums = [&](const Grid& one, const Grid& other) {
        return plain::product(one, plain::transpose(other));
    };
    const auto everywhere = [&](auto term) {
        return parts({rows, columns, width,
                      [&](std::size_t query, std::size_t key, std::size_t d) {
                          return term(queries[query][d], keys[key][d]);
                      }},
                     0, width);
    };
    const Grid right = sums(queries, keys);
    Mistakes mistakes = {
        {"Rows and columns of the scores are exchanged; a row belongs to a query, a column to a "
         "key.",
         plain::transpose(right)},
        {"The queries are compared with the queries; they should be compared with the keys.",
         sums(queries, queries)},
        {"The keys are compared with the keys; the queries should be compared with them.",
         sums(keys, keys)},
        {"The scores are divided by the square root of D here; that is what scale_scores does "
         "afterwards.",
         plain::scale(right, width)},
        {"The numbers of query and key are added to each other; they should be multiplied.",
         everywhere([](double q, double k) { return q + k; })},
        {"You add up the squared differences of query and key; it is their products that should "
         "be added up.",
         everywhere([](double q, double k) { return (q - k) * (q - k); })},
    };
    if (columns == width)
        mistakes.push_back({"Row and column of the keys are exchanged; a key is a row of the keys.",
                            plain::product(queries, keys)});
    const Sum sum{rows, columns, width, [&](std::size_t query, std::size_t key, std::size_t d) {
                      return queries[query][d] * keys[key][d];
                  }};
    mistakes = joined(mistakes, summing(sum));
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

inline Mistakes scale_scores(const Grid& scores, std::size_t head_width, const Grid& before) {
    const auto width = static_cast<double>(head_width);
    const auto rows = static_cast<double>(scores.size());
    const auto columns = static_cast<double>(scores[0].size());
    const Grid right = plain::scale(scores, head_width);
    return joined(
        joined(left_out(right, before), added(right, before)),
        {
            {"The scores are only copied; they should be divided by the square root of the head "
             "width.",
             scores},
            {"The scores are divided by the head width itself; it should be its square root.",
             times(scores, 1 / width)},
            {"The scores are multiplied by the square root of the head width; they should be "
             "divided by it.",
             times(scores, std::sqrt(width))},
            {"The scores are multiplied by the head width; they should be divided by its square "
             "root.",
             times(scores, width)},
            {"The scores are divided by the square root of the number of keys; it should be that "
             "of the head width.",
             times(scores, 1 / std::sqrt(columns))},
            {"The scores are divided by the square root of the number of queries; it should be "
             "that of the head width.",
             times(scores, 1 / std::sqrt(rows))},
            {"The square root loses what stands behind its point, as whole numbers do; it should "
             "be a Real.",
             times(scores, 1 / std::floor(std::sqrt(width)))},
            {"The scores are divided by the square of the head width; it should be its square "
             "root.",
             times(scores, 1 / (width * width))},
            {"The scores are divided by half of the head width; it should be its square root.",
             times(scores, 2 / width)},
        });
}

inline Mistakes mix_values(const Grid& weights, const Grid& values, const Grid& before) {
    const std::size_t rows = weights.size(), keys = values.size(), width = values[0].size();
    const auto everywhere = [&](auto term) { return parts({rows, width, keys, term}, 0, keys); };
    const Grid right = plain::product(weights, values);
    Mistakes mistakes = {
        {"The values are added up as they are; each should be multiplied by its attention weight "
         "first.",
         everywhere([&](std::size_t, std::size_t d, std::size_t key) { return values[key][d]; })},
        {"All values count the same, as in an average; each should count as much as its attention "
         "weight says.",
         times(everywhere(
                   [&](std::size_t, std::size_t d, std::size_t key) { return values[key][d]; }),
               1 / static_cast<double>(keys))},
        {"Each query gets the one value with the largest attention weight; it should get a blend "
         "of all.",
         made(rows, width,
              [&](std::size_t query, std::size_t d) {
                  const auto& row = weights[query];
                  const auto best = std::max_element(row.begin(), row.end()) - row.begin();
                  return values[static_cast<std::size_t>(best)][d];
              })},
        {"The blend is divided by the number of keys; the attention weights already sum to 1.",
         times(right, 1 / static_cast<double>(keys))},
        {"Rows and columns of the result are exchanged; a row belongs to a query.",
         plain::transpose(right)},
        {"The attention weights are added to the values; they should be multiplied with them.",
         everywhere([&](std::size_t query, std::size_t d, std::size_t key) {
             return weights[query][key] + values[key][d];
         })},
        {"Every query is given the attention weights of query 0; each has a row of its own.",
         everywhere([&](std::size_t, std::size_t d, std::size_t key) {
             return weights[0][key] * values[key][d];
         })},
    };
    if (rows == keys) {
        mistakes.push_back({"Row and column of the attention weights are exchanged; the row is the "
                            "query that looks, the column the key that is looked at.",
                            plain::product(plain::transpose(weights), values)});
        mistakes.push_back({"Each query is given its own value only; it should get a blend of the "
                            "values of all keys.",
                            made(rows, width, [&](std::size_t query, std::size_t d) {
                                return weights[query][query] * values[query][d];
                            })});
    }
    if (keys == width)
        mistakes.push_back({"Row and column of the values are exchanged; a value is a row of the "
                            "values.",
                            plain::product(weights, plain::transpose(values))});
    const Sum sum{rows, width, keys, [&](std::size_t query, std::size_t d, std::size_t key) {
                      return weights[query][key] * values[key][d];
                  }};
    mistakes = joined(mistakes, summing(sum));
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

struct HeadMistake {
    std::string sentence;
    plain::Head output;
};

// The stages from the scores on, from matrices that need not be the right ones.
struct HeadPlan {
    const Grid &queries, &keys, &values;
    std::size_t width;         // by whose root the scores are divided
    bool scales;               // or the scores are used as they are
    bool masks, uses_the_mask; // the mask is made; the softmax is given what it leaves
};

inline plain::Head carried_out(const HeadPlan& plan) {
    plain::Head head{plan.queries, plan.keys, plan.values, {}, {}, {}, {}, {}};
    head.scores = plain::product(plan.queries, plain::transpose(plan.keys));
    head.scaled = plain::scale(head.scores, plan.width);
    const Grid& used = plan.scales ? head.scaled : head.scores;
    if (plan.masks) head.masked = plain::causal_mask(used);
    const Grid& allowed = plan.uses_the_mask ? head.masked : used;
    head.attention_weights = plain::softmax(allowed);
    head.mixed = plain::product(head.attention_weights, plan.values);
    return head;
}

struct HeadExample {
    const Grid &queries, &keys, &values;
    bool causal;
    Grid mixed_before; // what head.mixed held before the call
};

inline std::vector<HeadMistake> attention_forward(const HeadExample& example) {
    const Grid &queries = example.queries, &keys = example.keys, &values = example.values;
    const bool causal = example.causal;
    const std::size_t width = queries[0].size(), places = keys.size();
    const HeadPlan plan{queries, keys, values, width, true, causal, causal};
    const auto changed = [&](auto change) {
        HeadPlan other = plan;
        change(other);
        return carried_out(other);
    };
    const plain::Head right = carried_out(plan);
    const auto with_mixed = [&](const Grid& mixed) {
        plain::Head head = right;
        head.mixed = mixed;
        return head;
    };
    const auto with_scores_of = [&](const Grid& others) {
        plain::Head head = carried_out({queries, others, values, width, true, causal, causal});
        head.keys = keys;
        return head;
    };
    std::vector<HeadMistake> mistakes = {
        {"The softmax is given the scores as they are; it should be given the scaled ones.",
         changed([](HeadPlan& other) { other.scales = false; })},
        {"The scores are scaled by the number of keys; it should be the width of a query.",
         changed([&](HeadPlan& other) { other.width = places; })},
        {"The scores are scaled by the number of queries; it should be the width of a query.",
         changed([&](HeadPlan& other) { other.width = queries.size(); })},
        {"The queries are compared with the values; they should be compared with the keys.",
         with_scores_of(values)},
        {"The keys are mixed; it is the values that should be mixed.",
         with_mixed(plain::product(right.attention_weights, keys))},
        {"The scaled scores are used to mix the values; they should go through the softmax first.",
         with_mixed(plain::product(right.scaled, values))},
        {"The scores are used to mix the values; it should be the attention weights.",
         with_mixed(plain::product(right.scores, values))},
        {"head.mixed is not written: the values are still to be mixed.",
         with_mixed(example.mixed_before)},
    };
    if (causal) {
        mistakes.push_back({"The mask is made, but the softmax is given the scaled scores; it "
                            "should be given the masked ones.",
                            changed([](HeadPlan& other) { other.uses_the_mask = false; })});
        mistakes.push_back(
            {"The mask is never applied; with Mask::causal it should be, between scaling and "
             "softmax.",
             changed([](HeadPlan& other) { other.masks = other.uses_the_mask = false; })});
    } else if (places >= queries.size()) {
        mistakes.push_back(
            {"The mask is always applied; it should be only when `mask` is Mask::causal.",
             changed([](HeadPlan& other) { other.masks = other.uses_the_mask = true; })});
    }
    if (queries.size() == places)
        mistakes.push_back({"The queries are mixed; it is the values that should be mixed.",
                            with_mixed(plain::product(right.attention_weights, queries))});
    return mistakes;
}

} // namespace mistakes
