// Lesson 8: from the stream's last row to the next word.
#include "examples.h"
#include "grid.h"
#include "product.h"
#include "random.h"
#include "softmax.h"
#include "study/sampler.h"

#include <fmt/format.h>

namespace whirlygig {

namespace {

const Words vocabulary = {"floated", "swam", "lurked", "glowed"};

// The logits of one place: its row meets each word's row of the unembedding.
Matrix logits_of_one_place() {
    const Matrix last_row = matrix_of({{1, 2}});
    const Matrix unembedding = matrix_of({{1, 1}, {2, 0}, {-1, 1}, {0, 0}});
    Matrix logits;
    product_a_bt(last_row, unembedding, logits); // (1, d)(d, V) -> (1, V)
    return logits;
}

std::string logits_text() {
    const Matrix logits = logits_of_one_place();
    Matrix probabilities;
    softmax_forward(logits, probabilities);
    std::string text =
        grid("final norm, the last row", matrix_of({{1, 2}}), {"creature"}, {"0", "1"}, 0);
    text += "\n" + grid("unembedding", matrix_of({{1, 1}, {2, 0}, {-1, 1}, {0, 0}}), vocabulary,
                        {"0", "1"}, 0);
    text += "\n" + grid("logits = final norm · unembeddingᵀ", logits, {"creature"}, vocabulary, 0);
    return text + "\n" +
           grid("probabilities = softmax of the logits", probabilities, {"creature"}, vocabulary,
                3);
}

// Shares that sum to 1, of those that may be drawn; 0 for the others.
Matrix shares_of(const SamplingOptions& options) {
    const Matrix logits = logits_of_one_place();
    const std::span<const Real> row(logits.data());
    std::vector<int> ids;
    most_probable(row, options.top_k, ids);
    std::vector<double> shares;
    temperature_shares(row, ids, options.temperature, shares);
    double total = 0;
    for (const double share : shares)
        total += share;
    Matrix all(1, vocabulary.size(), 0);
    for (std::size_t i = 0; i < ids.size(); ++i)
        all(0, static_cast<std::size_t>(ids[i])) = static_cast<Real>(shares[i] / total);
    return all;
}

std::string sampling_text() {
    const std::vector<std::pair<std::string, SamplingOptions>> ways = {
        {"temperature 1", {1, 4}},
        {"temperature 0.5", {0.5, 4}},
        {"temperature 2", {2, 4}},
        {"temperature 100", {100, 4}},
        {"1, but only the top 2", {1, 2}}};
    Matrix shares(ways.size(), vocabulary.size());
    Words names;
    for (const auto& [name, options] : ways) {
        const Matrix row = shares_of(options);
        for (std::size_t id = 0; id < vocabulary.size(); ++id)
            shares(names.size(), id) = row(0, id);
        names.push_back(name);
    }
    return grid("the words' shares", shares, names, vocabulary, 3);
}

// Where in the row of shares each draw falls.
std::string draws_text() {
    const Matrix shares = shares_of({1, 4});
    Random draws(2), picks(2); // the same numbers
    const std::vector<double> all(shares.data().begin(), shares.data().end());
    std::string text = "the shares side by side, from 0 to 1:\n";
    double end = 0;
    for (std::size_t id = 0; id < all.size(); ++id) {
        text += fmt::format("  {:<8} from {:.3f} to {:.3f}\n", vocabulary[id], end, end + all[id]);
        end += all[id];
    }
    text += "draws:\n";
    for (int draw = 0; draw < 6; ++draw)
        text += fmt::format("  {:.3f}  {}\n", draws.uniform() * end, vocabulary[picks.pick(all)]);
    return text;
}

} // namespace

std::string model_example() {
    return "THE NEXT WORD\n\n" + logits_text() + "\nTEMPERATURE AND TOP-K\n\n" + sampling_text() +
           "\nDRAWING\n\n" + draws_text();
}

} // namespace whirlygig
