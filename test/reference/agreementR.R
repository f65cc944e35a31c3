# Second opinions from R on the data sets of agreementStatistics.json: psych, vcd and base R.
#
# Use: Rscript agreementR.R agreementStatistics.json > agreementR.json   (R 4.2, psych 2.2.9, vcd 1.4.11, jsonlite)

suppressMessages({library(jsonlite); library(psych); library(vcd)})
data <- fromJSON(commandArgs(TRUE)[1], simplifyVector = FALSE)
numbers <- function(values) lapply(unname(values), function(v) if (is.finite(v)) signif(v, 12) else NA)
quietly <- function(value) suppressWarnings(suppressMessages(value))
matrix_of <- function(rows) do.call(rbind, lapply(rows, unlist))

# vcd's κ and asymptotic standard errors, where every category is used on both sides.
tables <- Filter(Negate(is.null), lapply(data$tables, function(set) {
  table <- matrix_of(set$table)
  if (any(rowSums(table) == 0) || any(colSums(table) == 0)) return(NULL)
  linear <- Kappa(table, weights = "Equal-Spacing")
  quadratic <- Kappa(table, weights = "Fleiss-Cohen")
  list(name = set$name, none = numbers(linear$Unweighted), linear = numbers(linear$Weighted), quadratic = numbers(quadratic$Weighted))
}))

# Exact p of Kendall's τ, and Pearson's interval.
correlations <- Filter(Negate(is.null), lapply(data$correlations, function(set) {
  if (is.null(set$x) || is.null(set$pearson)) return(NULL)
  x <- unlist(set$x); y <- unlist(set$y)
  tau <- quietly(cor.test(x, y, method = "kendall"))
  r <- quietly(cor.test(x, y))
  list(name = set$name, kendall = numbers(c(tau$estimate, tau$p.value)),
       pearson = numbers(c(r$estimate, r$p.value, if (is.null(r$conf.int)) c(NA, NA) else r$conf.int)))
}))

# psych's six forms; its columns: ICC, lower, upper, F, p. Its names are by form and k; nothing is rounded.
# And exact limits of agreement by R's own noncentral t, which is good for noncentralities up to 37.62.
continuous <- Filter(Negate(is.null), lapply(data$continuous, function(set) {
  if (is.null(set$values)) return(NULL)
  v <- matrix_of(set$values)
  icc <- quietly(ICC(v, lmer = FALSE))$results
  d <- v[, 1] - v[, 2]
  n <- length(d)
  factors <- quietly(qt(c(0.025, 0.975), n - 1, ncp = qnorm(0.975) * sqrt(n))) / sqrt(n)
  list(name = set$name,
       intraclass = lapply(seq_len(6), function(i) numbers(unlist(icc[i, c("ICC", "lower bound", "upper bound", "F", "p")]))),
       upper = numbers(mean(d) + factors * sd(d)))
}))

adjusted <- lapply(data$adjusted, function(set) {
  p <- unlist(set$p)
  list(holm = numbers(p.adjust(p, "holm")), benjaminiHochberg = numbers(p.adjust(p, "BH")))
})

cat(toJSON(list(tables = tables, correlations = correlations, continuous = continuous, adjusted = adjusted),
           auto_unbox = TRUE, digits = NA, na = "null", null = "null"))
