// What is often done wrong on the way back through the tables, the loss and the MLP.
#pragma once

#include "support/matrix_mistakes.h"
#include "support/plain_backward.h"
#include "support/teach_parts.h"

namespace mistakes {

using Places = std::vector<std::size_t>;

struct TablesBack {
    Places ids;
    Grid gradient;          // by the sum, (T, d)
    Grid tokens, positions; // what stood in the gradients by the two tables
};

inline support::Parts tables_back(const Grid& tokens, const Grid& positions,
                                  const Grid& token_table, const Grid& position_table) {
    return {{"gradients.tokens", tokens},
            {"gradients.positions", positions},
            {"gradient.token_table", token_table},
            {"gradient.position_table", position_table}};
}

// A table in which each row of `rows` was added to the row that `chosen` names.
inline Grid collected(Grid table, const Grid& rows, const Places& chosen) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (std::size_t column = 0; column < rows[row].size(); ++column)
            table.at(chosen[row])[column] += rows[row][column];
    }
    return table;
}

// The same, but each row takes the place of what was there.
inline Grid written_over(Grid table, const Grid& rows, const Places& chosen) {
    for (std::size_t row = 0; row < rows.size(); ++row)
        table.at(chosen[row]) = rows[row];
    return table;
}

inline Places in_order(std::size_t count) {
    Places places(count);
    for (std::size_t place = 0; place < count; ++place)
        places[place] = place;
    return places;
}

inline support::Parts embedding_backward_right(const TablesBack& e) {
    return tables_back(e.gradient, e.gradient, collected(e.tokens, e.gradient, e.ids),
                       collected(e.positions, e.gradient, in_order(e.ids.size())));
}

inline support::PartsMistakes embedding_backward(const TablesBack& e) {
    const Places places = in_order(e.ids.size());
    const support::Parts right = embedding_backward_right(e);
    const Grid tokens = right[2].second, positions = right[3].second;
    const auto tables = [&](const Grid& token_table, const Grid& position_table) {
        return tables_back(e.gradient, e.gradient, token_table, position_table);
    };
    const Grid half = times(e.gradient, 0.5);
    Grid once = e.tokens, shared = e.tokens;
    for (std::size_t row = 0; row < e.ids.size(); ++row) {
        const std::size_t id = e.ids[row];
        const auto count = static_cast<double>(std::count(e.ids.begin(), e.ids.end(), id));
        const bool is_first =
            std::find(e.ids.begin(), e.ids.begin() + static_cast<std::ptrdiff_t>(row), id) ==
            e.ids.begin() + static_cast<std::ptrdiff_t>(row);
        for (std::size_t column = 0; column < e.gradient[row].size(); ++column) {
            if (is_first) once[id][column] += e.gradient[row][column];
            shared[id][column] += e.gradient[row][column] / count;
        }
    }
    support::PartsMistakes mistakes = {
        {"The token table's rows are written over; a token that stands twice in the text collects "
         "both gradients: +=.",
         tables(written_over(e.tokens, e.gradient, e.ids), positions)},
        {"The position table's rows are written over; this text's gradients are added to those of "
         "the texts before: +=.",
         tables(tokens, written_over(e.positions, e.gradient, places))},
        {"The rows of both tables are written over; gradients are added to what is there: +=.",
         tables(written_over(e.tokens, e.gradient, e.ids),
                written_over(e.positions, e.gradient, places))},
        {"Both tables get half of the gradient; in a sum, both parts get the whole of it.",
         tables_back(half, half, collected(e.tokens, half, e.ids),
                     collected(e.positions, half, places))},
        {"A token that stands several times in the text is counted once; it collects the gradients "
         "of all its places.",
         tables(once, positions)},
        {"A token that stands several times gets the average of its places; it should get the sum.",
         tables(shared, positions)},
        {"The position table gets nothing: each row of it was added to the stream, too.",
         tables(tokens, e.positions)},
        {"The token table gets nothing: its rows were added to the stream, too.",
         tables(e.tokens, positions)},
        {"The gradients are subtracted; they should be added (the optimiser subtracts later).",
         tables(collected(e.tokens, times(e.gradient, -1), e.ids),
                collected(e.positions, times(e.gradient, -1), places))},
        {"Nothing is added to the tables.", tables(e.tokens, e.positions)},
    };
    if (e.ids.size() <= e.tokens.size())
        mistakes.push_back(
            {"The row of the token table is chosen by the place; it should be chosen "
             "by the token's id.",
             tables(collected(e.tokens, e.gradient, places), positions)});
    if (*std::max_element(e.ids.begin(), e.ids.end()) < e.positions.size())
        mistakes.push_back({"The row of the position table is chosen by the token's id; it should "
                            "be chosen by the place.",
                            tables(tokens, collected(e.positions, e.gradient, e.ids))});
    return mistakes;
}

struct LossBack {
    Grid gradient_loss, probabilities; // (N, 1), (T, V)
    Places targets;                    // N
};

inline Mistakes softmax_cross_entropy_backward(const LossBack& e, const Grid& before) {
    const Grid& p = e.probabilities;
    const Grid right =
        plain::softmax_cross_entropy_backward(e.gradient_loss, e.probabilities, e.targets);
    const std::size_t places = e.targets.size(), vocabulary = p[0].size();
    // number(place, token, whether it is the target) where there is a target, and 0 elsewhere.
    const auto each = [&](auto number) {
        return made(p.size(), vocabulary, [&](std::size_t place, std::size_t token) {
            return place < places ? number(place, token, token == e.targets[place]) : 0.0;
        });
    };
    const auto share = [&](std::size_t place) { return e.gradient_loss[place][0]; };
    Mistakes mistakes = {
        {"The 1 is forgotten: at the target it is the probability minus 1.",
         each([&](auto t, auto v, bool) { return p[t][v] * share(t); })},
        {"1 is subtracted from every probability; only at the target it should be.",
         each([&](auto t, auto v, bool) { return (p[t][v] - 1) * share(t); })},
        {"Only the target gets a gradient; the others' probabilities should fall, so they get "
         "theirs, too.",
         each([&](auto t, auto v, bool hit) { return hit ? (p[t][v] - 1) * share(t) : 0; })},
        {"The sign is wrong: it is the probability minus what was wanted, not the other way round.",
         each([&](auto t, auto v, bool hit) { return ((hit ? 1 : 0) - p[t][v]) * share(t); })},
        {"The gradient that came in is forgotten: each place's loss has only a share in the whole.",
         each([&](auto t, auto v, bool hit) { return p[t][v] - (hit ? 1 : 0); })},
        {"Every place uses the gradient of place 0; each place has its own.",
         each([&](auto t, auto v, bool hit) { return (p[t][v] - (hit ? 1 : 0)) * share(0); })},
        {"This is the slope of the logarithm alone, −1 / probability; softmax belongs to the step, "
         "too.",
         each([&](auto t, auto v, bool hit) { return hit ? -share(t) / p[t][v] : 0; })},
        {"The logarithm of the probability is used; it should be the probability itself.",
         each([&](auto t, auto v, bool hit) {
             return (std::log(p[t][v]) - (hit ? 1 : 0)) * share(t);
         })},
        {"The result is also multiplied by the probability; probability minus 1 is all.",
         each([&](auto t, auto v, bool hit) {
             return p[t][v] * (p[t][v] - (hit ? 1 : 0)) * share(t);
         })},
        {"Every place uses the first target; each has a target of its own.",
         each([&](auto t, auto v, bool) {
             return (p[t][v] - (v == e.targets[0] ? 1 : 0)) * share(t);
         })},
        {"The gradient is divided by the number of places; that share is in gradient_loss already.",
         times(right, 1 / static_cast<double>(places))},
    };
    if (places < p.size() && support::same_shape(right, before))
        mistakes.push_back(
            {"A place without a target keeps old numbers; nothing comes back there: 0.",
             made(p.size(), vocabulary, [&](std::size_t place, std::size_t token) {
                 return place < places ? right[place][token] : before[place][token];
             })});
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

// The parameters of an MLP, and of one pass through it what is needed to go back.
struct MlpBack {
    Grid input, hidden, activated; // (T, d), (T, M), (T, M)
    Grid up_weights, down_weights; // (d, M), (M, d)
    Grid gradient;                 // by the output, (T, d)
    support::Parts start;          // the four gradients by the parameters that were there
};

inline support::Parts mlp_parameters(const Grid& up_weights, const Grid& up_bias,
                                     const Grid& down_weights, const Grid& down_bias) {
    return {{"gradient.up.weights", up_weights},
            {"gradient.up.bias", up_bias},
            {"gradient.down.weights", down_weights},
            {"gradient.down.bias", down_bias}};
}

// The way back, with other matrices than the right ones where a plan says so.
struct MlpPlan {
    Grid down_input, up_input; // what the layers are said to have read
    Grid by_hidden;            // empty: the right one
    bool adds_down = true, adds_up = true;
};

inline support::Parts mlp_back(const MlpBack& e, const MlpPlan& plan) {
    const Grid by_activated = plain::product(e.gradient, plain::transpose(e.down_weights));
    const Grid by_hidden =
        plan.by_hidden.empty() ? plain::gelu_backward(by_activated, e.hidden) : plan.by_hidden;
    const auto add = [&](bool adds, const std::string& name, const Grid& more) {
        const Grid& start = support::part_of(e.start, name);
        return adds ? plain::add(start, more) : start;
    };
    support::Parts parts = {
        {"gradients.activated", by_activated},
        {"gradients.hidden", by_hidden},
        {"gradient_input", plain::product(by_hidden, plain::transpose(e.up_weights))},
        {"gradient.up.weights", add(plan.adds_up, "gradient.up.weights",
                                    plain::product(plain::transpose(plan.up_input), by_hidden))},
        {"gradient.up.bias", add(plan.adds_up, "gradient.up.bias", plain::sum_of_rows(by_hidden))},
        {"gradient.down.weights",
         add(plan.adds_down, "gradient.down.weights",
             plain::product(plain::transpose(plan.down_input), e.gradient))},
        {"gradient.down.bias",
         add(plan.adds_down, "gradient.down.bias", plain::sum_of_rows(e.gradient))},
    };
    return parts;
}

inline support::Parts mlp_backward_right(const MlpBack& e) {
    return mlp_back(e, {e.activated, e.input, {}});
}

inline support::PartsMistakes mlp_backward(const MlpBack& e) {
    const Grid by_activated = plain::product(e.gradient, plain::transpose(e.down_weights));
    const auto with_hidden = [&](const Grid& by_hidden) {
        return mlp_back(e, {e.activated, e.input, by_hidden});
    };
    support::PartsMistakes mistakes = {
        {"The bend is skipped: what comes back through GELU is multiplied by its slope.",
         with_hidden(by_activated)},
        {"gelu_backward is given activated; it needs hidden, what went into GELU.",
         with_hidden(plain::gelu_backward(by_activated, e.activated))},
        {"GELU itself is applied to the gradient; on the way back it is gelu_backward.",
         with_hidden(plain::gelu(by_activated))},
        {"linear_backward of the way down is given hidden; it read activated.",
         mlp_back(e, {e.hidden, e.input, {}})},
        {"The gradients by the down parameters are missing.",
         mlp_back(e, {e.activated, e.input, {}, false, true})},
        {"The gradients by the up parameters are missing.",
         mlp_back(e, {e.activated, e.input, {}, true, false})},
    };
    if (e.up_weights.size() == e.down_weights.size()) { // d = M: nothing else complains
        const Grid by_first = plain::product(e.gradient, plain::transpose(e.up_weights));
        const Grid by_second = plain::gelu_backward(by_first, e.hidden);
        support::Parts exchanged = mlp_back(e, {e.activated, e.input, by_second});
        exchanged = support::with(exchanged, "gradients.activated", by_first);
        exchanged = support::with(exchanged, "gradient_input",
                                  plain::product(by_second, plain::transpose(e.down_weights)));
        mistakes.push_back({"The weights of up and down are exchanged.", exchanged});
    }
    return mistakes;
}

} // namespace mistakes
