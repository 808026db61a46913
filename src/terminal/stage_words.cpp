#include "terminal/stage_words.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace whirlygig {
namespace {

struct RoleWords {
    std::string_view role, sentence;
};

constexpr std::array<RoleWords, 24> forward_words{{
    {"embedding.tokens",
     "Each token picks its row of a learned table: the list of numbers that stands for this token, "
     "wherever it is in the text."},
    {"embedding.positions",
     "Each place of a text has a learned row of its own, the same for every text. Without it the "
     "model could not tell first from last."},
    {"embedding.sum",
     "What the token is plus where it stands, number by number. From here on this is the residual "
     "stream: every later part reads it and adds to it."},
    {"attention.norm",
     "Each row is shifted and stretched until its numbers have mean 0 and spread 1; then each "
     "column gets a learned gain and shift. So the heads always read numbers of a steady size."},
    {"queries", "What each place is looking for: its row times the learned query weights."},
    {"keys",
     "What each place offers to those who look: its row times the learned key weights. Every query "
     "will be compared with every key."},
    {"values",
     "What each place hands over to those who look at it: its row times the learned value "
     "weights."},
    {"scores",
     "Each query meets each key: row i looks at column j; the larger the number, the better they "
     "match."},
    {"scaled",
     "A score is a sum of D products, and longer sums grow larger. Dividing by √D keeps the scores "
     "moderate, so that the softmax does not give everything to one key."},
    {"masked",
     "No place may look at what comes after it: there the score becomes −∞, which the softmax "
     "turns into a share of nothing."},
    {"attention_weights",
     "The scores of each row become shares that add up to 1: how much of its attention the row "
     "gives to each column."},
    {"mixed",
     "Each place adds up the values of the places that it looks at, each as strongly as its "
     "attention weight says. This is how tokens learn from each other."},
    {"attention.joined",
     "What the heads found is laid side by side: first the columns of head 0, then those of "
     "head 1, and so on."},
    {"attention.output",
     "The learned output weights turn what the heads found into numbers that fit the stream."},
    {"attention.residual",
     "Attention's output is added to the stream: each place now also knows something of the places "
     "that it looked at."},
    {"mlp.norm",
     "Again each row is brought to mean 0 and spread 1, then gets a learned gain and shift, now "
     "for the MLP to read."},
    {"mlp.hidden",
     "From here on each place works for itself. Each hidden number asks a question of its own of "
     "the row: how well does it match my column of the up weights?"},
    {"mlp.activated",
     "GELU lets large numbers through and turns very negative ones into almost 0. Without such a "
     "bend the layers before and after would be no more than one layer."},
    {"mlp.output", "The learned down weights turn the answers into numbers that fit the stream."},
    {"mlp.residual", "The MLP's output is added to the stream. With this the block is done."},
    {"final.norm",
     "One last time each row is brought to a steady size, for the comparison with the vocabulary."},
    {"logits",
     "Each place's row meets the row of every token in the table: the larger the number, the "
     "better that token would fit as the next one."},
    {"probabilities",
     "The logits of each row become shares that add up to 1: how likely the model thinks each "
     "token is to come next."},
    {"loss",
     "How surprised the model is by the token that really comes next: 0 if it was certain of it, "
     "larger the less probable it thought it. Learning means making the mean of these smaller."},
}};

constexpr std::array<RoleWords, 10> backward_words{{
    {"attention_weights",
     "A weight multiplied one place's row of values: its gradient says whether more of that row "
     "would lower the loss (negative) or raise it (positive)."},
    {"values",
     "A value went to everyone who looked at it, so it gets back everyone's gradient, each as "
     "strongly as the attention weight."},
    {"queries",
     "A query met every key, so its gradient is the sum of the keys, each times the gradient of "
     "their score."},
    {"keys",
     "A key was met by every query, so its gradient is the sum of the queries, each times the "
     "gradient of their score."},
    {"scores", "The scores were divided by √D, so their gradient is too."},
    {"key_bias",
     "A key bias raises all scores of a row alike, and a softmax does not notice that: this "
     "gradient is 0 in truth. What is left of it here is rounding."},
    {"final.norm",
     "Each number met a column of the unembedding table in every logit, so every logit's gradient "
     "comes back through that same table."},
    {"unembedding",
     "A number of the table multiplied one number of a place's row in one logit: its gradient is "
     "that number times the logit's gradient, added up over all places."},
    {"embedding.token_table",
     "A token's row of the table was used wherever the token stands, so it gets back the gradients "
     "of all those places. All other rows had no part in it."},
    {"embedding.position_table", "Each place's row gets back the gradient of that place."},
}};

std::string_view words_of_role(const auto& words, std::string_view role) {
    for (const RoleWords& entry : words) {
        if (entry.role == role) return entry.sentence;
    }
    return "";
}

// The local rule of a backward operation.
std::string_view words_of_operation(Operation operation) {
    switch (operation) {
    case Operation::mean_share:
        return "The way back starts here. A gradient says how fast the mean loss grows with a "
               "number; each place's loss is one of those in the mean, so it counts with its "
               "share.";
    case Operation::cross_entropy_backward:
        return "Only the probability of the token that really came next is in the loss: raising it "
               "would lower the loss, the faster the smaller it is. So all others get 0, and so "
               "does the last place, which has no next token.";
    case Operation::softmax_cross_entropy_backward:
        return "Back through −log and softmax in one step: what the model thought, less what was "
               "true (1 for the real next token, 0 for the others), times the place's share. The "
               "last place has no next token, so nothing comes back there.";
    case Operation::normalise_backward:
        return "Back through the layer norm: the norm took mean and spread out of the row, so the "
               "part of the gradient that would only move them is taken out too.";
    case Operation::copy:
        return "A sum hands its gradient on unchanged to everything that was added.";
    case Operation::gelu_backward:
        return "The gradient times the slope of GELU at that number: where GELU is flat, nothing "
               "comes back.";
    case Operation::split:
        return "The heads stood side by side, so each takes back its own columns.";
    case Operation::softmax_backward:
        return "The shares of a row compete for the same whole: a score matters only by how much "
               "its weight's gradient differs from the average of the row.";
    case Operation::mask_backward:
        return "What lies behind the mask had no effect, so nothing comes back there.";
    case Operation::linear_backward:
        return "Each input went through the weights into every output, so every output's gradient "
               "comes back through the same weights.";
    case Operation::weights_backward:
        return "A weight multiplied one input on its way to one output: its gradient is the input "
               "times the output's gradient, added up over all places.";
    case Operation::bias_backward:
        return "It was added to every place's row, so its gradient is that of all rows added up.";
    case Operation::gain_backward:
        return "It multiplied the normalised number of every place, so its gradient is that number "
               "times the gradient, added up over all places.";
    case Operation::tied_table_backward:
        return "The table was used twice: to look up the tokens and to compute the logits. It gets "
               "back the gradients of both.";
    default:
        return "";
    }
}

// The gradient by a stream that went two ways: through a layer norm and straight on.
bool adds_straight_on(const Stage& stage) {
    return stage.operation == Operation::normalise_backward && stage.made_from.size() > 3;
}

// The same in a model without norms.
bool adds_straight_on_without_norm(const Stage& stage) {
    return stage.operation == Operation::linear_backward && stage.made_from.size() % 2 == 1;
}

} // namespace

std::string sentence_on_missing_part(const Config& config) {
    if (config.without == Without::nothing) return "";
    return fmt::format("This model was trained without {}.", name_of(config.without).words);
}

std::string sentence_about(const Stage& stage) {
    const StageName name = parse_stage_name(stage.name);
    if (!name.gradient) return std::string(words_of_role(forward_words, name.role));
    if (adds_straight_on(stage)) {
        return "The stream went two ways, straight on and through the layer norm, so it gets back "
               "two gradients, which are added: this is why the stream carries learning so far.";
    }
    if (adds_straight_on_without_norm(stage)) {
        return "The stream went two ways, straight on and through the weights, so it gets back "
               "two gradients, which are added: this is why the stream carries learning so far.";
    }
    if (stage.operation == Operation::tied_table_backward ||
        stage.operation == Operation::mask_backward)
        return std::string(words_of_operation(stage.operation));
    const std::string_view words = words_of_role(backward_words, name.role);
    return std::string(words.empty() ? words_of_operation(stage.operation) : words);
}

} // namespace whirlygig
