# Seconds that boot needs for `resamples` of Spearman's rho and linearly weighted kappa (psych) of each group of pairs.
suppressPackageStartupMessages({ library(boot); library(psych) })
arguments <- commandArgs(trailingOnly = TRUE)
pairs <- read.csv(arguments[1])
resamples <- as.integer(arguments[2])
weights <- 1 - abs(outer(0:4, 0:4, "-")) / 4
both <- function(data, sample) {
  drawn <- data[sample, ]
  table <- table(factor(drawn$category, 0:4), factor(drawn$right, 0:4))
  c(cor(drawn$left, drawn$right, method = "spearman"), suppressWarnings(cohen.kappa(table, w = weights))$weighted.kappa)
}
set.seed(1)
start <- proc.time()[["elapsed"]]
for (group in split(pairs, pairs$group)) invisible(boot(group, both, resamples))
cat(proc.time()[["elapsed"]] - start)
