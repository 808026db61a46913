#include "study/attention_patterns.h"

#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

// The weight on the keys before the query that are told apart by `counts(key)`, and whether there
// is any such key.
struct WeightOnSome {
    double weight = 0;
    bool any = false;
};

template <class Counts>
WeightOnSome weight_before(const Matrix& map, std::size_t query, Counts counts) {
    WeightOnSome found;
    for (std::size_t key = 0; key < query; ++key) {
        if (!counts(key)) continue;
        found.weight += map(query, key);
        found.any = true;
    }
    return found;
}

double entropy_of_row(const Matrix& map, std::size_t query) {
    double entropy = 0;
    for (std::size_t key = 0; key <= query; ++key) {
        const double weight = map(query, key);
        if (weight > 0) entropy -= weight * std::log(weight); // w · ln w goes to 0 with w
    }
    return entropy;
}

} // namespace

void PatternSums::Mean::add(double value) {
    sum += value;
    ++count;
}

double PatternSums::Mean::value() const {
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    return sum / static_cast<double>(count);
}

void PatternSums::add(const Matrix& attention_weights, const std::vector<int>& ids) {
    check_shape("PatternSums::add", "attention_weights", attention_weights, ids.size(), ids.size());
    for (std::size_t query = 1; query < ids.size(); ++query) {
        previous.add(attention_weights(query, query - 1));
        first.add(attention_weights(query, 0));
        const WeightOnSome on_same = weight_before(
            attention_weights, query, [&](std::size_t key) { return ids[key] == ids[query]; });
        if (on_same.any) same.add(on_same.weight);
        const WeightOnSome on_followers =
            weight_before(attention_weights, query,
                          [&](std::size_t key) { return key > 0 && ids[key - 1] == ids[query]; });
        if (on_followers.any) induction.add(on_followers.weight);
        const double nats = entropy_of_row(attention_weights, query);
        entropy.add(nats);
        evenness.add(nats / std::log(static_cast<double>(query + 1)));
    }
}

PatternScores PatternSums::scores() const {
    return {previous.value(),  first.value(),   same.value(),
            induction.value(), entropy.value(), evenness.value()};
}

Matrix even_map(std::size_t tokens) {
    Matrix map(tokens, tokens, 0);
    for (std::size_t query = 0; query < tokens; ++query) {
        for (std::size_t key = 0; key <= query; ++key)
            map(query, key) = Real(1) / static_cast<Real>(query + 1);
    }
    return map;
}

} // namespace whirlygig
