// Lesson 4: pen friends. A wish is a query, a profile a key, a letter a value.
#include "attention.h"
#include "examples.h"
#include "grid.h"
#include "linear.h"
#include "product.h"
#include "random.h"
#include "softmax.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {

namespace {

const Words topics = {"songs", "recipes"};

// The three rules that all people share, and the fourth that says where a letter is noted down.
// A notebook has four columns: knows songs, knows recipes, wants songs, wants recipes.
struct Rules {
    LinearParameters query, key, value; // (4, 2) each
    Matrix output_weights;              // (2, 4)
};

LinearParameters without_bias(const Matrix& weights) {
    LinearParameters parameters{weights, Vector(weights.size2())};
    fill(parameters.bias, 0);
    return parameters;
}

Rules shared_rules(Real wish) {
    Rules rules;
    rules.query = without_bias(matrix_of({{0, 0}, {0, 0}, {wish, 0}, {0, wish}}));
    rules.key = without_bias(matrix_of({{1, 0}, {0, 1}, {0, 0}, {0, 0}}));
    rules.value = without_bias(matrix_of({{0.5F, 0}, {0, 0.5F}, {0, 0}, {0, 0}}));
    rules.output_weights = matrix_of({{1, 0, 0, 0}, {0, 1, 0, 0}});
    return rules;
}

struct People {
    Words names;
    Matrix notebooks; // (people, 4)
};

HeadActivations look(const People& who_look, const People& looked_at, const Rules& rules) {
    HeadActivations head;
    linear_forward(who_look.notebooks, rules.query, head.queries);
    linear_forward(looked_at.notebooks, rules.key, head.keys);
    linear_forward(looked_at.notebooks, rules.value, head.values);
    attention_forward(Mask::none, head);
    return head;
}

Matrix notebooks_after(const People& people, const HeadActivations& head, const Rules& rules) {
    Matrix note, after;
    product(head.mixed, rules.output_weights, note); // (T, 2)(2, 4) -> (T, 4)
    add(people.notebooks, note, after);
    return after;
}

const Words notebook_columns = {"knows songs", "knows recipes", "wants songs", "wants recipes"};

std::string notebooks_text(const std::string& title, const People& people) {
    return grid(title, people.notebooks, people.names, notebook_columns, 0);
}

// All steps, with those who look and those who are looked at in groups of their own.
std::string two_groups(const Rules& rules) {
    const People looking = {{"Ada", "Cem"}, matrix_of({{0, 2, 1, 0}, {1, 0, 0, 2}})};
    const People shown = {{"Ben", "Dia", "Eli"},
                          matrix_of({{2, 0, 0, 0}, {0, 2, 0, 0}, {1, 1, 0, 0}})};
    const HeadActivations head = look(looking, shown, rules);
    const Words& rows = looking.names;
    const Words& columns = shown.names;
    std::string text = notebooks_text("notebooks of those who look", looking);
    text += "\n" + notebooks_text("notebooks of those who are looked at", shown);
    text += "\n" + grid("query weights", rules.query.weights, notebook_columns, topics, 0);
    text +=
        grid("1. queries = notebooks · query weights: the wishes", head.queries, rows, topics, 0);
    text += "\n" + grid("key weights", rules.key.weights, notebook_columns, topics, 0);
    text += "\n" +
            grid("2. keys = notebooks · key weights: the profiles", head.keys, columns, topics, 0);
    text += "\n" + grid("3. scores: wish meets profile", head.scores, rows, columns, 0);
    text += "\n" + grid("   scaled: scores / √2", head.scaled, rows, columns, 3);
    text +=
        grid("   attention weights: softmax of each row", head.attention_weights, rows, columns, 3);
    text += "\n" + grid("value weights", rules.value.weights, notebook_columns, topics, 1);
    text +=
        grid("4. values = notebooks · value weights: the letters", head.values, columns, topics, 1);
    text += "\n" + grid("5. mixed: the letters, blended", head.mixed, rows, topics, 3);
    text += "\n" + grid("   notebooks with the blend added", notebooks_after(looking, head, rules),
                        rows, notebook_columns, 3);
    return text;
}

std::string everyone_is_both(const Rules& rules) {
    const People people = {{"Ada", "Ben", "Cem"},
                           matrix_of({{0, 2, 1, 0}, {2, 0, 0, 0}, {1, 0, 0, 2}})};
    const HeadActivations head = look(people, people, rules);
    std::string text = notebooks_text("notebooks", people);
    text += "\n" + grid("scores", head.scores, people.names, people.names, 0);
    text += "\n" + grid("attention weights", head.attention_weights, people.names, people.names, 3);
    text += "\n" + grid("notebooks with the blend added", notebooks_after(people, head, rules),
                        people.names, notebook_columns, 3);
    return text;
}

struct Typical {
    Real score = 0; // the root of the mean square
    Real best = 0;  // the mean of the largest attention weight
};

// How large the scores of this row are, and the softmax's favourite; added up.
void count_in(const Matrix& scores, Typical& typical) {
    Matrix weights;
    softmax_forward(scores, weights);
    Real best = 0;
    for (std::size_t key = 0; key < scores.size2(); ++key) {
        typical.score += scores(0, key) * scores(0, key) / static_cast<Real>(scores.size2());
        best = std::max(best, weights(0, key));
    }
    typical.best += best;
}

// Queries and keys of random numbers: what the width does to the scores, and to the attention.
std::string width_line(std::size_t width) {
    constexpr int rounds = 5000;
    Random random(1);
    Matrix query(1, width), keys(8, width), scores, scaled;
    Typical plain, divided;
    for (int round = 0; round < rounds; ++round) {
        for (Real& element : query.data())
            element = static_cast<Real>(random.normal());
        for (Real& element : keys.data())
            element = static_cast<Real>(random.normal());
        attention_scores(query, keys, scores);
        scale_scores(scores, width, scaled);
        count_in(scores, plain);
        count_in(scaled, divided);
    }
    return fmt::format("{:>10}   {:>12}   {:>13}   {:>14}   {:>15}\n", width,
                       number(std::sqrt(plain.score / rounds), 1), number(plain.best / rounds, 2),
                       number(std::sqrt(divided.score / rounds), 1),
                       number(divided.best / rounds, 2));
}

std::string widths_text() {
    std::string text = "head width   usual score   weight of the   usual scaled   weight of the\n"
                       "                            best of 8          score       best of 8\n";
    for (const std::size_t width : {1, 4, 16, 64})
        text += width_line(width);
    return text;
}

} // namespace

std::string head_example() {
    const Rules rules = shared_rules(2);
    std::string text = "TWO GROUPS\n\n" + two_groups(rules);
    text += "\nEVERYONE IS BOTH\n\n" + everyone_is_both(rules);
    text += "\nRANDOM QUERIES AND KEYS\n\n" + widths_text();
    text += "\nEVERYONE IS BOTH, AND THE QUERY WEIGHTS ARE 4\n\n";
    return text + everyone_is_both(shared_rules(4));
}

} // namespace whirlygig
