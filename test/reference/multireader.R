# Readers without and with AI by base R alone: Obuchowski and Rockette's analysis of κ (quadratic weights) and Spearman's ρ.
# Mean squares come from aov, covariances from R's cov of the jackknife's values; of readers who lack cases, from pseudovalues
# of the cases that both have. vanDyke.json holds what OR-DBM MRMC 2.51 prints.
#
# Use: Rscript multireader.R > multireader.json   (R 4.2, jsonlite)

suppressMessages(library(jsonlite))
set.seed(20261127)

kappa <- function(a, b) {
  k <- 5
  t <- table(factor(a, 0:(k - 1)), factor(b, 0:(k - 1))) / length(a)
  w <- outer(0:(k - 1), 0:(k - 1), function(i, j) 1 - ((i - j) / (k - 1))^2)
  pe <- sum(w * outer(rowSums(t), colSums(t)))
  (sum(w * t) - pe) / (1 - pe)
}
rho <- function(a, b) cor(a, b, method = "spearman")

analyse <- function(readings, truth, statistic) {
  r <- length(readings)
  cells <- do.call(c, lapply(readings, function(pair) {
    has <- which(!is.na(pair[[1]]) & !is.na(pair[[2]]))
    lapply(pair, function(v) {
      theta <- statistic(v[has], truth[has])
      left <- sapply(seq_along(has), function(i) statistic(v[has[-i]], truth[has[-i]]))
      pseudo <- rep(NA, length(truth))
      pseudo[has] <- length(has) * theta - (length(has) - 1) * left
      list(theta = theta, pseudo = pseudo)
    })
  }))
  theta <- sapply(cells, `[[`, "theta")
  pseudo <- sapply(cells, `[[`, "pseudo")
  n <- colSums(!is.na(pseudo))
  covariance <- if (all(!is.na(pseudo))) cov(pseudo) / nrow(pseudo) else {
    centred <- sweep(pseudo, 2, colMeans(pseudo, na.rm = TRUE))
    centred[is.na(centred)] <- 0
    crossprod(centred) / sqrt(outer(n * (n - 1), n * (n - 1)))
  }
  d <- data.frame(theta, condition = factor(rep(1:2, r)), reader = factor(rep(1:r, each = 2)))
  squares <- summary(aov(theta ~ condition * reader, d))[[1]][["Mean Sq"]]
  same <- function(f) outer(d[[f]], d[[f]], "==")
  off <- !diag(nrow(d))
  parts <- c(variance = mean(diag(covariance)),
             cov1 = mean(covariance[off & same("reader")]),
             cov2 = mean(covariance[off & same("condition")]),
             cov3 = mean(covariance[!same("reader") & !same("condition")]))
  shared <- max(parts[["cov2"]] - parts[["cov3"]], 0)
  difference <- mean(theta[d$condition == 2]) - mean(theta[d$condition == 1])
  of <- function(squared, df) {
    se <- sqrt(squared)
    c(difference, se, 2 * pt(-abs(difference / se), df), difference + c(-1, 1) * qt(0.975, df) * se, if (is.finite(df)) df)
  }
  error <- squares[3] + r * shared
  list(components = c(squares[1], squares[3], unname(parts)),
       both = of(2 / r * error, error^2 / (squares[3]^2 / (r - 1))),
       cases = of(2 / r * (parts[["variance"]] - parts[["cov1"]] + (r - 1) * shared), Inf),
       readers = of(2 / r * squares[3], r - 1))
}

cut4 <- function(x) abs(pmin(pmax(round(x), 0), 4))
make <- function(name, cases, readers, lacks) {
  latent <- rnorm(cases, 1.6, 1.3)
  truth <- cut4(latent)
  readings <- lapply(seq_len(readers), function(j) {
    hard <- rnorm(cases, 0, 0.5)
    own <- rnorm(1, 0, 0.3)
    lapply(1:2, function(i) {
      v <- cut4(latent + own + hard + rnorm(cases, 0, if (i == 1) 0.9 else 0.6))
      v[lacks(j, seq_len(cases))] <- NA
      v
    })
  })
  list(name = name, truth = truth, readings = readings,
       kappa = analyse(readings, truth, kappa), rho = analyse(readings, truth, rho))
}

sets <- list(
  make("all readers, all cases", 40, 4, function(j, n) rep(FALSE, length(n))),
  make("some cases lacking", 40, 3, function(j, n) n %% 13 == j),
  make("split plot", 60, 4, function(j, n) if (j <= 2) n > 30 else n <= 30))
cat(toJSON(list(sets = sets), auto_unbox = TRUE, digits = 12, na = "null"), "\n")
