// Once it has warmed up, training asks for no memory, and neither does generation: what every step
// needs is kept from the step before.
#include "study/sampler.h"
#include "support/small_model.h"
#include "training/trainer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocations = 0;

void* allocate(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

} // namespace

// Every allocation of the test program comes through here.
void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace {

using namespace whirlygig;

Recipe recipe_with(OptimizerKind kind) {
    Recipe recipe;
    recipe.context = 11;
    recipe.width = 12;
    recipe.heads = 3;
    recipe.hidden = 20;
    recipe.batch = 13;
    recipe.optimizer.kind = kind;
    return recipe;
}

ExampleSource some_source(const Recipe& recipe) {
    return source_from_sequences({{1, 3, 5, 1, 2, 0, 6, 4, 4, 1, 2, 3},
                                  {2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5},
                                  {8, 6, 7, 5, 3, 0, 1, 8, 6, 7, 5, 3}},
                                 recipe);
}

TEST(Allocation, TheCounterCounts) {
    const std::size_t before = allocations;
    std::vector<int> numbers(100);
    EXPECT_GT(numbers.size(), 0u);
    EXPECT_EQ(allocations, before + 1);
}

TEST(Allocation, TrainingNeedsNoNewMemory) {
    for (const auto kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                            OptimizerKind::adam, OptimizerKind::adamw}) {
        const Recipe recipe = recipe_with(kind);
        const ExampleSource source = some_source(recipe);
        TrainingState state = start_training(recipe, 9, 1);
        Trainer trainer(state, 1); // of two threads, one may do all the work for a while
        trainer.step(source);
        const std::size_t before = allocations;
        for (int step = 0; step < 20; ++step)
            trainer.step(source);
        // The standard library's seed_seq, with which a step's random numbers begin, takes one.
        EXPECT_EQ(allocations, before + 20);
        std::vector<Example> batch;
        draw_batch(source, 1, 1, batch);
        const std::size_t before_learning = allocations;
        for (int step = 0; step < 20; ++step)
            trainer.learn(batch);
        EXPECT_EQ(allocations, before_learning);
    }
}

TEST(Allocation, GenerationNeedsNoNewMemory) {
    const Recipe recipe = recipe_with(OptimizerKind::adam);
    Random random(3);
    const auto model =
        std::make_shared<const Model>(support::random_model(random, make_config(recipe, 9)));
    Generator generator(model, {1}, {}, 5);
    const std::vector<int> prompt = {1, 2};
    const auto write_text = [&] {
        generator.restart(prompt);
        while (generator.text().size() < 40) // more than the context
            generator.draw_next();
    };
    write_text();
    const std::size_t before = allocations;
    write_text();
    EXPECT_EQ(allocations, before);
}

} // namespace
