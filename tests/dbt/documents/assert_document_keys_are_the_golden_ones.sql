{{ config(meta={'of_news': false}) }}

with rows_as_printed as (

    {{ text_rows([
        ('draft', 'comboX', 'tmplA', 'm1', '1g3uds099s5e78mi'),
        ('essay', 'doc123', 'tmplB', 'm2', '6hfrx4lbdp59h89y'),
        ('evaluation', 'doc456', 'tmplC', 'm3', '368rdxx9q75k3r92'),
        ('draft', 'c1', 't1', 'm1', '2j11tl41pmzmm158'),
        ('draft', 'combo_ü', 't', 'm', '2qrnwbbpdx9v1fmw'),
    ], ['stage', 'rests_on', 'template_id', 'model_id', 'expected_key']) }}

),

documents_as_printed as (

    {{ text_rows([
        ('2j11tl41pmzmm158', 'runA', '1', 'bo67k3p6ihfjrwsh'),
        ('2j11tl41pmzmm158', 'runA', '2', '3ax2l135bzmjsaug'),
        ('2j11tl41pmzmm158', 'runB', '1', 'tjqmvczu4nuatddw'),
        ('14a752496qv56606', 'backfill-test', '0', '3uox5trf9mb24761'),
        ('4ln7liumrzbs5b94', 'backfill-test', '0', '1nbwmie80a0a6a06'),
        ('cqb2fw41ua5dqg07', 'backfill-test', '0', '4sw7fxiwh2lbun28'),
    ], ['logical_key_id', 'run_id', 'attempt', 'expected_key']) }}

),

-- A draft, the essay made from it, and its evaluation: each key rests on the last.
chain_as_printed as (

    {{ text_rows([
        ('draft', 'combo_v1_1f0b4806fc4a', 'creative-synthesis-v7',
            'deepseek/deepseek-r1', '14a752496qv56606'),
        ('essay', '3uox5trf9mb24761', 'creative-synthesis-v10',
            'deepseek/deepseek-r1', '4ln7liumrzbs5b94'),
        ('evaluation', '1nbwmie80a0a6a06', 'novelty',
            'anthropic/claude-sonnet-4', 'cqb2fw41ua5dqg07'),
    ], ['stage', 'rests_on', 'template_id', 'model_id', 'expected_key']) }}

),

logical_keys as (

    select * from rows_as_printed
    union all
    select * from chain_as_printed

),

final as (

    select
        expected_key,
        {{ doc_key(['stage', 'rests_on', 'template_id', 'model_id']) }} as found_key
    from logical_keys
    union all
    select
        expected_key,
        {{ doc_key(['logical_key_id', 'run_id', 'attempt']) }} as found_key
    from documents_as_printed

)

select * from final
where expected_key != found_key
