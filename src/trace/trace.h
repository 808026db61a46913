// One pass through the model, kept whole and laid out as a list of named stages. Each stage is
// declared once: what it is called, what it was made from and how. The arithmetic of a cell, the
// terminal's text, the animation and the trace file all read that declaration.
#pragma once

#include "model.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// How a stage's numbers were made. In the comments: result, then the operands in their order.
enum class Operation {
    lookup,        // rows of a table
    sum,           // a + b
    linear,        // a · weights + bias
    product,       // a · b
    product_a_bt,  // a · bᵀ
    scale,         // a / √D
    mask,          // a, or −∞ where the key comes after the query
    softmax,       // of each row of a
    normalise,     // layer norm of a, with gain and shift
    gelu,          // GELU of a
    join,          // the heads' mixed side by side
    cross_entropy, // −log of the probability of the next token
    // backward
    mean_share,                     // each place's part in the mean of the losses
    cross_entropy_backward,         // gradient of the loss, probabilities
    softmax_cross_entropy_backward, // gradient of the loss, probabilities
    normalise_backward,             // gradient, input, gain [, gradient straight on]
    copy,                           // a gradient that goes on unchanged
    gelu_backward,                  // gradient, hidden
    split,                          // one head's columns of the gradient
    softmax_backward,               // gradient, probabilities
    mask_backward,                  // gradient, 0 where the mask fell
    linear_backward,                // gradient · weightsᵀ, summed over pairs [, straight on]
    weights_backward,               // inputᵀ · gradient; operands: input, gradient
    bias_backward,                  // the gradient's rows added up
    gain_backward,                  // gradient · normalised input, added up; gradient, input
    lookup_backward,                // rows of the gradient, added up for each row of the table
    tied_table_backward,            // the same, plus logits' gradientᵀ · final norm
};

// What the rows or the columns of a matrix stand for.
enum class Axis { tokens, places, width, head_width, hidden, vocabulary, single };

// Where numbers lie, row by row: a matrix, or a vector as one row.
struct Numbers {
    const Real* data = nullptr;
    std::size_t rows = 0, columns = 0;

    Real operator()(std::size_t row, std::size_t column) const {
        return data[row * columns + column];
    }
};

Numbers numbers_of(const Matrix& matrix);
Numbers numbers_of(const Vector& vector);

struct Operand {
    std::string name; // of the stage or of the parameter
    Numbers numbers;
    bool is_parameter = false;
};

struct Stage {
    std::string name = {};    // for example block.0.head.1.scores
    std::string title = {};   // for example "Block 0, head 1: scores"
    std::string formula = {}; // for example "queries · keysᵀ"
    Operation operation = Operation::lookup;
    std::vector<Operand> made_from = {};
    Axis rows = Axis::tokens, columns = Axis::width;
    Numbers values = {};
    std::vector<int> ids = {};          // of a lookup: table rows; of a loss: the targets
    std::size_t offset = 0;             // of a split: its first column of the joined matrix
    double constant = 0;                // of scale: D; of normalise: epsilon
    std::function<void()> compute = {}; // of a forward stage: makes `values` again
};

// Where a pass went no further, because a function threw: that of a learner may.
struct StoppedPass {
    std::string stage;    // was being computed; "gradient" where it was the way back
    std::string sentence; // what was thrown
};

class Trace {
public:
    std::shared_ptr<const Model> model;
    std::vector<int> ids;
    Activations activations;
    Activations gradients;         // empty without a backward pass
    Parameters parameter_gradient; // of the mean loss; empty without a backward pass
    std::vector<Stage> forward_stages;
    std::vector<Stage> backward_stages; // in the order in which they are computed
    std::optional<StoppedPass> stopped; // only by make_trace_while_possible

    // Its stages point into it, so a trace stays where it was made.
    Trace() = default;
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;
    ~Trace() = default;

    // The stage of this name, forward or backward; an Error that suggests names if there is none.
    const Stage& stage(std::string_view name) const;
};

enum class Passes { forward, forward_and_backward };

// Runs the text through the model. With two tokens or more the loss is computed, and on request
// the backward pass of the mean loss; one token has no loss, and asking for backward is an Error.
std::unique_ptr<Trace> make_trace(std::shared_ptr<const Model> model, std::vector<int> ids,
                                  Passes passes);

// The same, but a function that throws ends the pass at its stage: that stage and all after it are
// declared, with their shapes, but not computed, and there is no backward pass. A text that is too
// long or has unknown ids still throws an Error.
std::unique_ptr<Trace> make_trace_while_possible(std::shared_ptr<const Model> model,
                                                 std::vector<int> ids, Passes passes);

// Computes every forward stage after the named one again, from what the record now holds: change
// a stage's matrix in `trace.activations`, then call this, to see what the change does.
void forward_from(Trace& trace, std::string_view stage);

// The stage that holds the residual stream as it enters block b; b = L: as it leaves the last one.
std::string stream_name(const Config& config, std::size_t b);

// How many places a query may look at: those up to its own, or all without a mask.
std::size_t visible_places(const Trace& trace, std::size_t query);

// The mean of the losses of all places that have a next token.
double mean_loss(const Trace& trace);

} // namespace whirlygig
