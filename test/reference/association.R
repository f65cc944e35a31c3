# Reference values for src/kernel/agreement/association: regressions, survival, tests of groups. Data are simulated here.
#
# Use: Rscript association.R > association.json
# (R 4.2, sandwich 3.0-2 for HC3, survival 3.5-3, e1071 1.7-13 for skewness, jsonlite)

suppressMessages({library(jsonlite); library(sandwich); library(survival); library(e1071)})
numbers <- function(values) lapply(unname(values), function(v) if (is.finite(v)) signif(v, 12) else NA)
quietly <- function(value) suppressWarnings(suppressMessages(value))

# A study of n patients: extent of fibrosis, age, sex, an antibody with three values, lung function, death, follow-up.
study <- function(seed, n, ties) {
  set.seed(seed)
  extent <- round(exp(rnorm(n, 1.5, 1)), 3)
  age <- round(rnorm(n, 58, 11), if (ties) 0 else 2)
  sex <- sample(c("female", "male"), n, TRUE, c(0.65, 0.35))
  antibody <- sample(c("Jo-1", "MDA5", "none"), n, TRUE, c(0.4, 0.2, 0.4))
  fvc <- round(92 - 0.8 * extent - 0.2 * (age - 58) + rnorm(n, 0, 6 + 0.3 * extent), if (ties) 0 else 2)
  progressed <- runif(n) < plogis(-1.2 + 0.12 * extent + 0.5 * (sex == "male"))
  hazard <- 0.012 * exp(0.05 * extent + 0.03 * (age - 58))
  time <- rexp(n, hazard)
  follow <- pmin(time, runif(n, 6, 60))
  months <- if (ties) ceiling(follow) else round(follow, 3)
  data.frame(extent, age, sex, antibody, fvc, progressed, months, died = time <= follow, stringsAsFactors = FALSE)
}

coefficients_of <- function(b, se, df = Inf) {
  half <- qt(0.975, df) * se
  lapply(seq_along(b), function(i) numbers(c(b[i], se[i], b[i] - half[i], b[i] + half[i], 2 * pt(-abs(b[i] / se[i]), df))))
}

models_of <- function(d) {
  linear <- lm(fvc ~ extent + age + sex + antibody, d)
  logistic <- glm(progressed ~ extent + age + sex, binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))
  cox <- coxph(Surv(months, died) ~ extent + age + sex, d, ties = "efron", control = coxph.control(eps = 1e-10, toler.chol = 1e-12, iter.max = 100))
  third <- cut(d$extent, quantile(d$extent, 0:3 / 3), labels = FALSE, include.lowest = TRUE)
  difference <- survdiff(Surv(months, died) ~ third, d)
  fit <- survfit(Surv(months, died) ~ 1, d, conf.type = "log-log")
  f <- summary(linear)
  list(
    linear = coefficients_of(coef(linear), sqrt(diag(vcovHC(linear, "HC3"))), linear$df.residual),
    rSquared = numbers(c(f$r.squared, pf(f$fstatistic[1], f$fstatistic[2], f$fstatistic[3], lower.tail = FALSE), f$adj.r.squared)),
    logistic = coefficients_of(coef(logistic), sqrt(diag(vcov(logistic))))[-1],
    cox = coefficients_of(coef(cox), sqrt(diag(vcov(cox)))),
    concordance = numbers(cox$concordance["concordance"]),
    zph = lapply(seq_len(3), function(i) numbers(cox.zph(cox, transform = "km", terms = FALSE)$table[i, c("chisq", "p")])),
    thirds = third,
    logRank = numbers(c(difference$chisq, length(difference$n) - 1, pchisq(difference$chisq, length(difference$n) - 1, lower.tail = FALSE))),
    survival = lapply(seq_along(fit$time), function(i)
      numbers(c(fit$time[i], fit$n.risk[i], fit$n.event[i], fit$surv[i], fit$lower[i], fit$upper[i]))),
    median = numbers(summary(fit)$table["median"]))
}

# DeLong's variance by its definition: each value's share of the other group that lies below it.
delong <- function(x, y) {
  psi <- outer(x, y, function(a, b) (a > b) + 0.5 * (a == b))
  area <- mean(psi)
  se <- sqrt(var(rowMeans(psi)) / length(x) + var(colMeans(psi)) / length(y))
  ends <- plogis(qlogis(area) + c(-1, 1) * qnorm(0.975) * se / (area * (1 - area)))
  c(2 * area - 1, 2 * se, 2 * ends - 1)
}

# Yang and Dalton's difference of categories, by their own matrix.
categories_apart <- function(a, b) {
  p <- (a / sum(a))[-1]; q <- (b / sum(b))[-1]
  s <- (diag(p, length(p)) - p %o% p + diag(q, length(q)) - q %o% q) / 2
  sqrt(drop(t(p - q) %*% solve(s) %*% (p - q)))
}

groups_of <- function(d) {
  male <- d$fvc[d$sex == "male"]; female <- d$fvc[d$sex == "female"]
  counts <- table(d$antibody, d$sex)
  sparse <- table(d$antibody[1:16], d$sex[1:16])
  u <- quietly(wilcox.test(male, female))
  h <- kruskal.test(d$fvc, d$antibody)
  k <- quietly(chisq.test(counts, correct = FALSE))
  w3 <- oneway.test(fvc ~ antibody, d)
  list(
    mannWhitney = numbers(c(u$statistic, u$p.value, delong(male, female))),
    kruskalWallis = numbers(c(h$statistic, h$p.value, h$statistic / (nrow(d) - 1))),
    welch = numbers(c(t.test(male, female)$statistic^2, t.test(male, female)$parameter, t.test(male, female)$p.value)),
    welch3 = numbers(c(w3$statistic, w3$parameter[2], w3$p.value)),
    chiSquare = list(counts = matrix(counts, nrow(counts)), value = numbers(c(k$statistic, k$p.value, sqrt(k$statistic / sum(counts))))),
    fisher = list(counts = matrix(sparse, nrow(sparse)), p = numbers(fisher.test(sparse)$p.value)),
    numbersApart = numbers(abs(mean(male) - mean(female)) / sqrt((var(male) + var(female)) / 2)),
    categoriesApart = numbers(categories_apart(counts[, 1], counts[, 2])),
    skewness = numbers(skewness(d$extent, type = 2)))
}

sets <- list(list("untied", 11, 60, FALSE), list("tied", 12, 90, TRUE), list("small", 13, 28, TRUE))
cat(toJSON(lapply(sets, function(s) {
  d <- study(s[[2]], s[[3]], s[[4]])
  list(name = s[[1]], data = as.list(d), models = models_of(d), groups = groups_of(d))
}), auto_unbox = TRUE, digits = NA, na = "null", null = "null"))
