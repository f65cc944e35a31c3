# Reference values for `change` and `repeat`: paired changes, slopes of each patient, repeated scans. Data are simulated here.
#
# Use: Rscript change.R > change.json
# (R 4.2, psych for the intraclass correlation, jsonlite)

suppressMessages({library(jsonlite); library(psych)})
numbers <- function(values) lapply(unname(values), function(v) if (is.finite(v)) signif(v, 12) else NA)

# Percent of one class at three visits of n patients, at uneven days; some lack the last one.
cohort <- function(seed, n) {
  set.seed(seed)
  base <- round(pmax(0, rnorm(n, 12, 6)), 2)
  days2 <- round(rnorm(n, 365, 20)); days3 <- round(rnorm(n, 740, 30))
  yearly <- rnorm(n, 1.5, 3)
  at <- function(days) round(pmax(0, base + yearly * days / 365.2425 + rnorm(n, 0, 1)), 2)
  data.frame(patient = sprintf("P%02d", 1:n), v1 = base, v2 = at(days2), v3 = at(days3), days2, days3,
             lacks3 = runif(n) < 0.25)
}

change_of <- function(d) {
  change <- d$v2 - d$v1
  t <- t.test(d$v2, d$v1, paired = TRUE)
  beyond <- c(up = sum(change > 3), down = sum(change < -3))
  slope <- sapply(seq_len(nrow(d)), function(i) {
    x <- c(0, d$days2[i], if (!d$lacks3[i]) d$days3[i]) / 365.2425
    y <- c(d$v1[i], d$v2[i], if (!d$lacks3[i]) d$v3[i])
    fit <- lm(y ~ x)
    c(coef(fit)[[2]], if (length(x) > 2) suppressWarnings(summary(fit))$coefficients[2, 2] else NA)
  })
  list(mean = numbers(c(mean(change), t$conf.int, t$p.value)), sd = numbers(sd(change)),
       relative = numbers(100 * change / d$v1), beyond = as.list(beyond),
       wilson = numbers(100 * prop.test(beyond[["up"]], nrow(d), correct = FALSE)$conf.int),
       slope = numbers(slope[1, ]), slopeSe = numbers(slope[2, ]))
}

# Two or three scans of the same day.
scans <- function(seed, n, k) {
  set.seed(seed)
  truth <- exp(rnorm(n, 2, 0.7))
  round(sapply(1:k, function(j) pmax(0, truth + rnorm(n, 0.2 * j, 0.8))), 2)
}

repeats_of <- function(m) {
  n <- nrow(m); k <- ncol(m)
  long <- data.frame(y = as.vector(m), patient = factor(rep(1:n, k)))
  within <- anova(lm(y ~ patient, long))["Residuals", ]
  wsd <- sqrt(within[["Mean Sq"]]); df <- within[["Df"]]
  spread <- wsd * sqrt(df / qchisq(c(0.975, 0.025), df))
  rc <- qnorm(0.975) * sqrt(2)
  means <- rowMeans(m); ok <- means > 0
  icc <- suppressWarnings(suppressMessages(ICC(m, lmer = FALSE)))$results[2, ]
  pair <- if (k == 2) {
    d <- m[, 2] - m[, 1]
    c(mean(d), t.test(d)$conf.int, t.test(d)$p.value, mean(d) + c(-1, 1) * qnorm(0.975) * sd(d))
  } else NULL
  list(data = m, wsd = numbers(c(wsd, spread)), repeatability = numbers(rc * c(wsd, spread)),
       wcv = numbers(100 * sqrt(mean((apply(m[ok, ], 1, sd) / means[ok])^2))),
       icc = numbers(c(icc$ICC, icc$`lower bound`, icc$`upper bound`)), pair = numbers(pair))
}

cat(toJSON(list(
  change = lapply(list(c(21, 30), c(22, 12)), function(s) { d <- cohort(s[1], s[2]); list(data = d, reference = change_of(d)) }),
  repeats = lapply(list(c(31, 20, 2), c(32, 15, 3), c(33, 9, 2)), function(s) repeats_of(scans(s[1], s[2], s[3])))
), dataframe = "columns", auto_unbox = TRUE, digits = NA, na = "null", null = "null"))
