// Measures a cohort with LungNB, a part in each task:
//   nextflow run containers/main.nf --cohort /data/cohort --cache /data/cache --parts 40 -with-docker lungnb
// Paths are whole, since each task runs in a folder of its own.
params.cohort = null
params.cache = null
params.parts = 10

process measure {
    cpus 2
    memory '4 GB'
    errorStrategy 'retry'
    maxRetries 2

    input:
    val part

    output:
    path 'results.jsonl'

    // 1 says that a CT of the part failed, which its line tells; trying again would not help.
    script:
    """
    lungnb measure '${params.cohort}' --cache '${params.cache}' --shard ${part}/${params.parts} \\
      --threads ${task.cpus} --json > results.jsonl || [ \$? -eq 1 ]
    """
}

workflow {
    measure(channel.of(1..params.parts)).collectFile(name: 'results.jsonl', storeDir: params.cache)
}
